#include "jobs/record_outputs.h"

#include <cstdio>
#include <span>
#include <utility>

#include "files/pending_file.h"
#include "files/publish.h"

namespace bulkhead::jobs {
namespace {

std::string cannot_write(const std::string& path, const std::string& reason) {
  return path + ": cannot write: " + reason;
}

}  // namespace

Expected<void, std::string> check_output(const std::string& path) {
  if (path.empty()) {
    return {};
  }
  const auto file = files::PendingFile::create(path);
  if (!file) {
    return Unexpected(cannot_write(path, file.error().reason));
  }
  return {};
}

Expected<void, std::string> write_text(const std::string& path, std::string_view text) {
  if (path.empty()) {
    const bool is_written =
        std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    if (!is_written) {
      return Unexpected(std::string("cannot write to the standard output"));
    }
    return {};
  }
  const auto published = files::publish(path, std::as_bytes(std::span(text.data(), text.size())));
  if (!published) {
    return Unexpected(cannot_write(path, published.error().reason));
  }
  return {};
}

Expected<void, std::string> write_database(
    const std::string& path, const std::function<void(records::SqliteFile& database)>& fill) {
  auto file = files::PendingFile::create(path);
  if (!file) {
    return Unexpected(cannot_write(path, file.error().reason));
  }
  records::SqliteFile database(file->temporary_path());
  fill(database);
  if (const auto closed = database.close(); !closed) {
    return Unexpected(cannot_write(path, closed.error()));
  }
  if (const auto published = file->publish(); !published) {
    return Unexpected(cannot_write(path, published.error().reason));
  }
  return {};
}

}  // namespace bulkhead::jobs
