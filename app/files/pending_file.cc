#include "files/pending_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace bulkhead::files {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{256} << 10U;

// As a new file of this process would have: mkostemp(3) gives 0600.
mode_t usual_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666U & ~mask;
}

}  // namespace

Expected<PendingFile, FileError> PendingFile::create(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    return Unexpected(
        FileError{path, S_ISDIR(status.st_mode) ? "is a folder" : "is not a regular file"});
  }
  const std::size_t name_at = path.rfind('/') + 1;  // npos + 1 is 0
  std::string temporary = path.substr(0, name_at) + "." + path.substr(name_at) + ".XXXXXX";
  Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file) {
    return Unexpected(FileError{path, reason_of(errno)});
  }
  static_cast<void>(::fchmod(file.get(), usual_mode()));
  return PendingFile(path, std::move(temporary), std::move(file));
}

PendingFile::PendingFile(std::string path, std::string temporary_path, Descriptor file)
    : path_(std::move(path)), temporary_path_(std::move(temporary_path)), file_(std::move(file)) {}

PendingFile::PendingFile(PendingFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_path_(std::exchange(other.temporary_path_, {})),
      file_(std::move(other.file_)),
      buffer_(std::move(other.buffer_)),
      error_(other.error_) {}

PendingFile::~PendingFile() {
  if (!temporary_path_.empty()) {
    ::unlink(temporary_path_.c_str());
  }
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
  if (error_ == 0 && std::rename(temporary_path_.c_str(), path_.c_str()) != 0) {
    error_ = errno;
  }
  if (error_ != 0) {
    return Unexpected(FileError{path_, reason_of(error_)});
  }
  temporary_path_.clear();
  return {};
}

}  // namespace bulkhead::files
