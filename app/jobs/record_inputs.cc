#include "jobs/record_inputs.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

#include "files/descriptor.h"
#include "files/file_error.h"
#include "records/compression.h"

namespace bulkhead::jobs {
namespace {

// What the file itself tells; a problem of it is left to the worker that reads it.
records::FoundFile look_at(const std::string& path) {
  records::FoundFile found{.path = path};
  const files::Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  struct stat status {};
  std::array<char, records::kMagicBytes> start{};
  if (!file || ::fstat(file.get(), &status) != 0) {
    return found;
  }
  const ssize_t got = ::pread(file.get(), start.data(), start.size(), 0);
  if (got > 0) {
    const std::string_view magic(start.data(), static_cast<std::size_t>(got));
    found.bytes = static_cast<std::uint64_t>(status.st_size);
    found.can_be_cut = records::compression_of(magic) == records::Compression::None;
  }
  return found;
}

}  // namespace

Expected<RecordInputs, std::string> find_records(const InputOptions& options) {
  const auto paths = listed_paths(options);
  if (!paths) {
    return Unexpected(paths.error());
  }
  RecordInputs found;
  // An empty list of files is no files, not the current folder.
  if (paths->empty() && !options.files_from.empty()) {
    return found;
  }
  files::ScanOptions scan = options.scan;
  scan.recursive = true;
  scan.known_names = files::KnownNames::All;
  for (files::Input& input : files::find_inputs(*paths, scan)) {
    if (!input.problem.empty()) {
      found.problems.push_back(std::move(input));
      continue;
    }
    found.files.push_back(look_at(input.path));
    found.bytes += found.files.back().bytes;
  }
  return found;
}

}  // namespace bulkhead::jobs
