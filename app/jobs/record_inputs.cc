#include "jobs/record_inputs.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string_view>
#include <utility>

#include "files/descriptor.h"
#include "files/file_id.h"
#include "records/compression.h"

namespace bulkhead::jobs {
namespace {

namespace fs = std::filesystem;

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
    // Files of the kernel say that they have no bytes, and are read to their end.
    found.can_be_cut =
        found.bytes != 0 && records::compression_of(magic) == records::Compression::None;
  }
  return found;
}

// Two paths of files that need not be there yet.
bool is_same_place(const std::string& a, const std::string& b) {
  std::error_code error;
  const auto place_of = [&error](const std::string& path) {
    // The last part may be a link, which an output replaces.
    const fs::path absolute = fs::absolute(path, error);
    return fs::weakly_canonical(absolute.parent_path(), error) / absolute.filename();
  };
  const auto id = files::id_of(a, files::LastLink::Follow);
  return place_of(a) == place_of(b) || (id && id == files::id_of(b, files::LastLink::Follow));
}

// Takes the inputs as they are found.
class Collection {
 public:
  explicit Collection(const std::vector<std::string>& outputs) {
    for (const std::string& output : outputs) {
      if (const auto id = files::id_of(output, files::LastLink::Follow); !output.empty() && id) {
        outputs_.insert(*id);
      }
    }
  }

  enum class Found : std::uint8_t { ByName, InFolder };

  // False: the job would replace it.
  bool take(files::Input& input, Found found) {
    if (!input.problem.empty()) {
      inputs_.problems.push_back(std::move(input));
      return true;
    }
    const auto id = files::id_of(input.path, files::LastLink::Follow);
    if (id && outputs_.contains(*id)) {
      ++inputs_.own_outputs;
      return found == Found::InFolder;
    }
    if (id && !seen_.insert(*id).second) {
      ++inputs_.repeated;
      return true;
    }
    inputs_.files.push_back(look_at(input.path));
    inputs_.bytes += inputs_.files.back().bytes;
    return true;
  }

  RecordInputs result() { return std::move(inputs_); }

 private:
  std::set<files::FileId> outputs_;
  std::set<files::FileId> seen_;
  RecordInputs inputs_;
};

std::string problem_of_outputs(const std::vector<std::string>& outputs) {
  for (auto output = outputs.begin(); output != outputs.end(); ++output) {
    const bool is_other = std::any_of(outputs.begin(), output, [&](const std::string& other) {
      return !output->empty() && !other.empty() && is_same_place(*output, other);
    });
    if (is_other) {
      return *output + ": cannot write: is another output, too";
    }
  }
  return "";
}

}  // namespace

Expected<RecordInputs, std::string> find_records(const InputOptions& options,
                                                 const std::vector<std::string>& outputs) {
  if (std::string problem = problem_of_outputs(outputs); !problem.empty()) {
    return Unexpected(std::move(problem));
  }
  const auto paths = listed_paths(options);
  if (!paths) {
    return Unexpected(paths.error());
  }
  // An empty list of files is no files, not the current folder.
  if (paths->empty() && !options.files_from.empty()) {
    return RecordInputs();
  }
  files::ScanOptions scan = options.scan;
  scan.recursive = true;
  scan.known_names = files::KnownNames::All;
  const std::set<std::string> named(paths->begin(), paths->end());
  Collection collection(outputs);
  for (files::Input& input : files::find_inputs(*paths, scan)) {
    const auto found =
        named.contains(input.path) ? Collection::Found::ByName : Collection::Found::InFolder;
    if (!collection.take(input, found)) {
      return Unexpected(input.path + ": is an input, and an output would replace it");
    }
  }
  return collection.result();
}

}  // namespace bulkhead::jobs
