#include "files/pending_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

namespace bulkhead::files {
namespace {

namespace fs = std::filesystem;

// As a new folder of this process would have: mkdtemp(3) gives 0700.
mode_t usual_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0777U & ~mask;
}

// Without a slash at its end, and absolute, so that it stays where it is.
fs::path plain(const std::string& path) {
  std::error_code error;
  fs::path absolute = fs::absolute(path, error).lexically_normal();
  return absolute.has_filename() ? absolute : absolute.parent_path();
}

std::string why_not_free(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(path, error);
  if (status.type() == fs::file_type::not_found) {
    return "";
  }
  if (status.type() == fs::file_type::none) {
    return reason_of(error.value());
  }
  if (status.type() != fs::file_type::directory) {
    return "is there, and is no folder";
  }
  const bool is_empty = fs::is_empty(path, error);
  return error ? reason_of(error.value()) : is_empty ? "" : "is there, and is not empty";
}

}  // namespace

Expected<PendingFolder, FileError> PendingFolder::create(const std::string& path) {
  const fs::path place = plain(path);
  if (std::string reason = why_not_free(place); !reason.empty()) {
    return Unexpected(FileError{path, std::move(reason)});
  }
  std::error_code error;
  fs::create_directories(place.parent_path(), error);
  if (error) {
    return Unexpected(FileError{path, reason_of(error.value())});
  }
  std::string temporary =
      (place.parent_path() / ("." + place.filename().string() + ".XXXXXX")).string();
  if (::mkdtemp(temporary.data()) == nullptr) {
    return Unexpected(FileError{path, reason_of(errno)});
  }
  PendingFolder folder(place.string(), std::move(temporary));
  static_cast<void>(::chmod(folder.temporary_path().c_str(), usual_mode()));
  if (::rmdir(place.c_str()) != 0 && errno != ENOENT) {
    return Unexpected(FileError{path, "cannot be replaced: " + reason_of(errno)});
  }
  return folder;
}

PendingFolder::PendingFolder(std::string path, std::string temporary_path)
    : path_(std::move(path)), temporary_path_(std::move(temporary_path)) {}

PendingFolder::PendingFolder(PendingFolder&& other) noexcept
    : path_(std::move(other.path_)), temporary_path_(std::exchange(other.temporary_path_, {})) {}

PendingFolder::~PendingFolder() {
  discard();
}

void PendingFolder::discard() noexcept {
  if (!temporary_path_.empty()) {
    std::error_code ignored;
    fs::remove_all(std::exchange(temporary_path_, {}), ignored);
  }
}

Expected<void, FileError> PendingFolder::publish() {
  const std::string complete = std::exchange(temporary_path_, {});
  // It replaces an empty folder, and nothing else (rename(2)).
  if (std::rename(complete.c_str(), path_.c_str()) != 0) {
    return Unexpected(
        FileError{path_, "cannot be written: " + reason_of(errno) + "; all is in " + complete});
  }
  return {};
}

}  // namespace bulkhead::files
