#include "jobs/record_inputs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string_view>
#include <utility>

#include "files/descriptor.h"
#include "files/file_error.h"
#include "files/file_id.h"
#include "records/compression.h"

namespace bulkhead::jobs {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStandardInput = "-";

// What the file itself tells; a problem of it is left to the worker that reads it.
records::FoundFile look_at(const std::string& path, const std::string& name) {
  records::FoundFile found{.path = path, .name = name};
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

// A file that the shell has opened is read where it is, unless somebody has read a part of it.
bool is_file_from_its_start(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
         ::lseek(descriptor, 0, SEEK_CUR) == 0;
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
    const Kind kind = found == Found::ByName ? kind_of(input.path) : Kind::File;
    if (kind == Kind::File && !input.problem.empty()) {
      inputs_.problems.push_back(std::move(input));
      return true;
    }
    const std::string path =
        kind == Kind::StandardInput ? files::NamelessFile::path_of(STDIN_FILENO) : input.path;
    const auto id = files::id_of(path, files::LastLink::Follow);
    if (id && outputs_.contains(*id)) {
      ++inputs_.own_outputs;
      return found == Found::InFolder;
    }
    if (id && !seen_.insert(*id).second) {
      ++inputs_.repeated;
      return true;
    }
    add(kind, path, input.path);
    return true;
  }

  RecordInputs result() { return std::move(inputs_); }

 private:
  enum class Kind : std::uint8_t { File, StandardInput, Fifo };

  static Kind kind_of(const std::string& path) {
    struct stat status {};
    const bool is_fifo = ::stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode);
    return path == kStandardInput ? Kind::StandardInput : is_fifo ? Kind::Fifo : Kind::File;
  }

  void add(Kind kind, const std::string& path, const std::string& name) {
    if (kind == Kind::File ||
        (kind == Kind::StandardInput && is_file_from_its_start(STDIN_FILENO))) {
      add_file(path, name);
    } else if (kind == Kind::StandardInput) {
      add_stream(STDIN_FILENO, name);
    } else if (const files::Descriptor fifo(::open(path.c_str(), O_RDONLY | O_CLOEXEC)); fifo) {
      add_stream(fifo.get(), name);
    } else {
      inputs_.problems.push_back({.path = name, .problem = files::reason_of(errno)});
    }
  }

  void add_file(const std::string& path, const std::string& name) {
    inputs_.files.push_back(look_at(path, name));
    inputs_.bytes += inputs_.files.back().bytes;
  }

  void add_stream(int source, const std::string& name) {
    auto copy = files::NamelessFile::create();
    const auto filled = copy ? copy->fill_from(source, name) : Unexpected(copy.error());
    if (filled) {
      add_file(copy->path(), name);
      inputs_.streams.push_back(*std::move(copy));
      return;
    }
    const files::FileError& error = filled.error();
    inputs_.problems.push_back(
        {.path = name,
         .problem = error.path == name ? error.reason
                                       : "cannot be kept in " + error.path + ": " + error.reason});
  }

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
  if (options.files_from == kStandardInput && std::ranges::count(*paths, kStandardInput) != 0) {
    return Unexpected(std::string("-: is the list of files, and no input as well"));
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
