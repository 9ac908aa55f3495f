#include "files/find_inputs.h"

#include <fnmatch.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "files/file_error.h"
#include "files/photo_name.h"

namespace bulkhead::files {
namespace {

namespace fs = std::filesystem;

// A folder still to be searched. Every path in it is `prefix` followed by a name, so that what is
// printed continues what the user gave ("photos/" gives "photos/a.jpg", no argument gives "a.jpg").
struct Folder {
  std::string prefix;
  std::string reldir;
  int depth = 0;
  fs::path opened() const { return prefix.empty() ? "." : prefix; }
};

// A path below the folder argument, against patterns for paths and for names.
bool matches_any(const std::string& path, const std::vector<std::string>& patterns) {
  const std::string name = path.substr(path.rfind('/') + 1);
  return std::ranges::any_of(patterns, [&](const std::string& pattern) {
    const bool is_for_path = pattern.find('/') != std::string::npos;
    return ::fnmatch(pattern.c_str(), (is_for_path ? path : name).c_str(), 0) == 0;
  });
}

class Scan {
 public:
  // What it finds goes behind what `found` holds.
  Scan(const ScanOptions& options, std::vector<Input>& found) : options_(options), found_(found) {}

  void run(Folder start) {
    const auto before = static_cast<std::ptrdiff_t>(found_.size());
    pending_.push_back(std::move(start));
    while (!pending_.empty()) {
      const Folder folder = std::move(pending_.back());
      pending_.pop_back();
      read(folder);
    }
    std::ranges::sort(found_.begin() + before, found_.end(), {}, &Input::path);
  }

 private:
  void read(const Folder& folder) {
    if (is_known(folder)) {
      return;
    }
    std::error_code error;
    fs::directory_iterator entry(folder.opened(), error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      visit(folder, *entry);
    }
    if (error) {
      found_.push_back({folder.opened().string(), folder.reldir, reason_of(error.value())});
    }
  }

  // Whether links have led here before.
  bool is_known(const Folder& folder) {
    struct stat status {};
    return options_.links == FolderLinks::Follow && ::stat(folder.opened().c_str(), &status) == 0 &&
           !entered_.emplace(status.st_dev, status.st_ino).second;
  }

  void visit(const Folder& folder, const fs::directory_entry& entry) {
    const std::string name = entry.path().filename().string();
    const std::string below = folder.reldir.empty() ? name : folder.reldir + '/' + name;
    if ((name.starts_with('.') && options_.hidden == HiddenNames::LeaveOut) ||
        matches_any(below, options_.exclude)) {
      return;
    }
    if (is_folder(entry)) {
      enter(folder, name, below);
      return;
    }
    if (is_wanted(name) && (options_.include.empty() || matches_any(below, options_.include))) {
      add_file(folder, name, entry);
    }
  }

  bool is_folder(const fs::directory_entry& entry) const {
    std::error_code error;
    // Links may form loops. Reading a folder tells what its entries are: no call to the system.
    const bool may_enter = options_.links == FolderLinks::Follow || !entry.is_symlink(error);
    return may_enter && entry.is_directory(error);
  }

  bool is_wanted(const std::string& name) const {
    if (options_.extensions.empty()) {
      return options_.known_names == KnownNames::All || is_photo_name(name);
    }
    return std::ranges::find(options_.extensions, lower_case_extension(name)) !=
           options_.extensions.end();
  }

  void enter(const Folder& parent, const std::string& name, const std::string& below) {
    const bool is_deep = options_.max_depth >= 0 && parent.depth >= options_.max_depth;
    if (options_.recursive && !is_deep) {
      options_.on_folder(below);
      pending_.push_back({parent.prefix + name + '/', below, parent.depth + 1});
    }
  }

  void add_file(const Folder& folder, const std::string& name, const fs::directory_entry& entry) {
    Input input{folder.prefix + name, folder.reldir, {}};
    std::error_code error;
    std::error_code ignored;
    const bool is_regular = entry.is_regular_file(error);
    if (error == std::errc::no_such_file_or_directory && entry.is_symlink(ignored)) {
      input.problem = "is a link to nothing";
    } else if (error) {
      input.problem = reason_of(error.value());
    } else if (!is_regular || options_.is_own_output(input)) {
      return;
    }
    found_.push_back(std::move(input));
  }

  const ScanOptions& options_;
  std::vector<Input>& found_;
  std::vector<Folder> pending_;
  std::set<std::pair<dev_t, ino_t>> entered_;
};

void append_folder(const std::string& path, const ScanOptions& options, std::vector<Input>& all) {
  const std::size_t before = all.size();
  Scan(options, all).run({path.ends_with('/') ? path : path + '/', {}, 0});
  // A folder that is called like a photo and holds none was probably taken for one.
  if (all.size() == before && options.known_names == KnownNames::Photos && is_photo_name(path)) {
    all.push_back({path, {}, "is a folder, and holds no photos"});
  }
}

void append_argument(const std::string& path, const ScanOptions& options, std::vector<Input>& all) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::directory) {
    append_folder(path, options, all);
    return;
  }
  std::string problem;
  if (status.type() == fs::file_type::none || status.type() == fs::file_type::not_found) {
    problem = reason_of(error ? error.value() : ENOENT);
  } else if (status.type() != fs::file_type::regular) {
    problem = "is not a regular file";
  }
  all.push_back({path, {}, std::move(problem)});
}

}  // namespace

std::vector<Input> find_inputs(const std::vector<std::string>& paths, const ScanOptions& options) {
  std::vector<Input> all;
  if (paths.empty()) {
    Scan(options, all).run({});
  }
  for (const std::string& path : paths) {
    append_argument(path, options, all);
  }
  return all;
}

}  // namespace bulkhead::files
