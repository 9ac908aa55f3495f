#include "records/reply_parts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "files/file_error.h"

namespace bulkhead::records {
namespace {

[[noreturn]] void fail() {
  throw std::system_error(errno, std::generic_category(), "cannot put down a part of the reply");
}

}  // namespace

PartWriter::PartWriter(const std::string& path) {
  if (path.empty()) {
    return;
  }
  file_ = files::Descriptor(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
  if (!file_) {
    fail();
  }
}

void PartWriter::write(std::span<const std::byte> bytes) {
  const std::uint64_t size = bytes.size();
  write_all(std::as_bytes(std::span(&size, 1)));
  write_all(bytes);
}

void PartWriter::write_all(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
    if (written >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      fail();
    }
  }
}

PartReader::PartReader(const std::string& path)
    : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  struct stat status {};
  if (!file_ || ::fstat(file_.get(), &status) != 0) {
    problem_ = files::reason_of(errno);
    return;
  }
  bytes_left_ = static_cast<std::uint64_t>(status.st_size);
}

Bytes PartReader::read() {
  std::uint64_t size = 0;
  if (bytes_left_ == 0 || !read_all(std::as_writable_bytes(std::span(&size, 1)))) {
    return {};
  }
  // A worker wrote it: no memory is taken for what is not there.
  if (size == 0 || size > bytes_left_) {
    problem_ = kDamaged;
    return {};
  }
  Bytes bytes(size);
  return read_all(bytes) ? bytes : Bytes();
}

bool PartReader::read_all(std::span<std::byte> bytes) {
  if (bytes.size() > bytes_left_) {
    problem_ = kDamaged;
    return false;
  }
  bytes_left_ -= bytes.size();
  while (!bytes.empty()) {
    const ssize_t got = ::read(file_.get(), bytes.data(), bytes.size());
    if (got > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(got));
    } else if (got == 0 || errno != EINTR) {
      problem_ = got == 0 ? kDamaged : files::reason_of(errno);
      return false;
    }
  }
  return true;
}

}  // namespace bulkhead::records
