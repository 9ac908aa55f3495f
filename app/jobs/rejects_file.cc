#include "jobs/rejects_file.h"

#include <utility>

#include "display/json_record.h"

namespace bulkhead::jobs {

Expected<RejectsFile, std::string> RejectsFile::create(const std::string& path) {
  RejectsFile rejects;
  if (path.empty()) {
    return rejects;
  }
  auto file = files::PendingFile::create(path);
  if (!file) {
    return Unexpected(file.error().path + ": cannot write: " + file.error().reason);
  }
  rejects.file_.emplace(std::move(*file));
  return rejects;
}

void RejectsFile::add(const Reject& reject) {
  if (!file_) {
    return;
  }
  display::JsonRecord record;
  record.add_path("file", reject.file);
  if (reject.number) {
    record.add(reject.unit, static_cast<std::int64_t>(*reject.number));
  }
  if (reject.offset) {
    record.add("offset", static_cast<std::int64_t>(*reject.offset));
  }
  if (!reject.status.empty()) {
    record.add("status", reject.status);
  }
  record.add("reason", reject.reason);
  if (reject.raw) {
    record.add_path("raw", *reject.raw);
  }
  file_->write(record.line() + "\n");
}

Expected<void, std::string> RejectsFile::publish() {
  if (!file_) {
    return {};
  }
  const auto published = file_->publish();
  if (!published) {
    return Unexpected(published.error().path + ": cannot write: " + published.error().reason);
  }
  return {};
}

}  // namespace bulkhead::jobs
