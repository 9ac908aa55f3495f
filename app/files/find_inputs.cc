#include "files/find_inputs.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "files/file_error.h"

namespace bulkhead::files {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 15> kPhotoExtensions = {
    "jpg", "jpeg", "jpe", "jfif", "mpo",  "png", "gif", "webp",
    "tif", "tiff", "bmp", "heic", "heif", "hif", "avif"};

// The ASCII letters only: the names of photos do not depend on the locale.
char in_lower_case(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

// A folder still to be searched. Every path in it is `prefix` followed by a name, so that what is
// printed continues what the user gave ("photos/" gives "photos/a.jpg", no argument gives "a.jpg").
struct Folder {
  std::string prefix;
  std::string reldir;
  fs::path opened() const { return prefix.empty() ? "." : prefix; }
};

class Scan {
 public:
  explicit Scan(const ScanOptions& options) : options_(options) {}

  std::vector<Input> run(Folder start) {
    pending_.push_back(std::move(start));
    while (!pending_.empty()) {
      const Folder folder = std::move(pending_.back());
      pending_.pop_back();
      read(folder);
    }
    std::ranges::sort(found_, {}, &Input::path);
    return std::move(found_);
  }

 private:
  void read(const Folder& folder) {
    std::error_code error;
    fs::directory_iterator entry(folder.opened(), error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      visit(folder, *entry);
    }
    if (error) {
      found_.push_back({folder.opened().string(), folder.reldir, reason_of(error.value())});
    }
  }

  void visit(const Folder& folder, const fs::directory_entry& entry) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.')) {
      return;
    }
    std::error_code error;
    // The status of the entry itself, not of what a link points at: links to folders may form
    // loops.
    if (entry.symlink_status(error).type() == fs::file_type::directory) {
      enter(folder, name);
      return;
    }
    if (is_photo_name(name)) {
      add_photo(folder, name, entry);
    }
  }

  void enter(const Folder& parent, const std::string& name) {
    if (options_.recursive) {
      pending_.push_back(
          {parent.prefix + name + '/', parent.reldir.empty() ? name : parent.reldir + '/' + name});
    }
  }

  void add_photo(const Folder& folder, const std::string& name, const fs::directory_entry& entry) {
    Input input{folder.prefix + name, folder.reldir, {}};
    std::error_code error;
    std::error_code ignored;
    const fs::file_status target = entry.status(error);
    if (target.type() == fs::file_type::not_found && entry.is_symlink(ignored)) {
      input.problem = "is a link to nothing";
    } else if (error) {
      input.problem = reason_of(error.value());
    } else if (target.type() != fs::file_type::regular || options_.is_own_output(input)) {
      return;
    }
    found_.push_back(std::move(input));
  }

  const ScanOptions& options_;
  std::vector<Folder> pending_;
  std::vector<Input> found_;
};

void append_folder(const std::string& path, const ScanOptions& options, std::vector<Input>& all) {
  std::vector<Input> found = Scan(options).run({path.ends_with('/') ? path : path + '/', {}});
  // A folder that is called like a photo and holds none was probably taken for one.
  if (found.empty() && is_photo_name(path)) {
    found.push_back({path, {}, "is a folder, and holds no photos"});
  }
  std::ranges::move(found, std::back_inserter(all));
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

bool is_photo_name(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const std::string_view extension =
      name.substr(dot == std::string_view::npos ? name.size() : dot + 1);
  return std::ranges::any_of(kPhotoExtensions, [extension](std::string_view known) {
    return std::ranges::equal(known, extension, {}, {}, in_lower_case);
  });
}

std::vector<Input> find_inputs(const std::vector<std::string>& paths, const ScanOptions& options) {
  if (paths.empty()) {
    return Scan(options).run({});
  }
  std::vector<Input> all;
  for (const std::string& path : paths) {
    append_argument(path, options, all);
  }
  return all;
}

}  // namespace bulkhead::files
