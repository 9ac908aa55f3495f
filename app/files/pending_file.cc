#include "files/pending_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace bulkhead::files {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{256} << 10U;

// Less the umask, like any program's files and folders.
constexpr mode_t kFileMode = 0666;
constexpr mode_t kFolderMode = 0777;

}  // namespace

Expected<PendingFile, FileError> PendingFile::create(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    return Unexpected(
        FileError{path, S_ISDIR(status.st_mode) ? "is a folder" : "is not a regular file"});
  }
  auto place = open_place(path, kFolderMode);
  if (!place) {
    return Unexpected(FileError{path, reason_of(place.error())});
  }
  PendingFile file(path, *std::move(place));
  if (const Errno failed = file.open()) {
    return Unexpected(FileError{path, reason_of(failed)});
  }
  return file;
}

PendingFile::PendingFile(std::string path, Place place)
    : path_(std::move(path)), place_(std::move(place)) {}

PendingFile::PendingFile(PendingFile&& other) noexcept
    : path_(std::move(other.path_)),
      place_(std::move(other.place_)),
      file_(std::move(other.file_)),
      temporary_(std::exchange(other.temporary_, {})),
      buffer_(std::move(other.buffer_)),
      error_(other.error_) {}

PendingFile::~PendingFile() {
  if (!temporary_.empty()) {
    ::unlinkat(place_.folder.get(), temporary_.c_str(), 0);
  }
}

Errno PendingFile::open() {
  const int folder = place_.folder.get();
  file_ = Descriptor(::openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, kFileMode));
  if (file_ && ::access("/proc/self/fd", F_OK) == 0) {
    return 0;
  }
  // The file system knows no files without a name (NFS, FAT, older overlays), or they could not get
  // one later.
  const std::string name = temporary_name();
  file_ =
      Descriptor(::openat(folder, name.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, kFileMode));
  if (!file_) {
    return errno;
  }
  temporary_ = name;
  return 0;
}

std::string PendingFile::temporary_path() {
  if (temporary_.empty()) {
    temporary_ = temporary_name();
    const Errno failed = link_as(file_.get(), place_.folder.get(), temporary_);
    error_ = error_ != 0 ? error_ : failed;
  }
  return path_.substr(0, path_.rfind('/') + 1) + temporary_;  // npos + 1 is 0
}

void PendingFile::write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= kBufferBytes) {
    flush();
  }
}

void PendingFile::rewrite_start(std::string_view bytes) {
  flush();
  off_t at = 0;
  while (error_ == 0 && !bytes.empty()) {
    const ssize_t written = ::pwrite(file_.get(), bytes.data(), bytes.size(), at);
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
      at += written;
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
}

void PendingFile::flush() {
  std::string_view rest = buffer_;
  while (error_ == 0 && !rest.empty()) {
    const ssize_t written = ::write(file_.get(), rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
  buffer_.clear();
}

Expected<void, FileError> PendingFile::publish() {
  flush();
  if (error_ == 0) {
    const int folder = place_.folder.get();
    error_ = temporary_.empty() ? give_name(file_.get(), folder, place_.name)
                                : replace_by(std::exchange(temporary_, {}), folder, place_.name);
  }
  if (error_ != 0) {
    return Unexpected(FileError{path_, reason_of(error_)});
  }
  return {};
}

}  // namespace bulkhead::files
