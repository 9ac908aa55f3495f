#include "files/file_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

#include "files/read_file.h"

namespace bulkhead::files {
namespace {

std::optional<std::string> why_not_readable(const struct stat& status) {
  if (S_ISDIR(status.st_mode)) {
    return "is a folder";
  }
  if (!S_ISREG(status.st_mode)) {
    return "is not a regular file";
  }
  if (std::cmp_greater(status.st_size, kMaxFileBytes)) {
    return "is larger than 1 GiB";
  }
  return std::nullopt;
}

}  // namespace

Expected<FileReader, FileError> FileReader::open(const std::string& path) {
  // O_NONBLOCK: opening a FIFO without a writer would wait for one (open(2)).
  Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (!file) {
    return Unexpected(FileError{path, reason_of(errno)});
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) {
    return Unexpected(FileError{path, reason_of(errno)});
  }
  if (auto reason = why_not_readable(status)) {
    return Unexpected(FileError{path, *std::move(reason)});
  }
  return FileReader(path, std::move(file), static_cast<std::size_t>(status.st_size));
}

Expected<std::size_t, FileError> FileReader::read(std::size_t begin,
                                                  std::span<std::byte> buffer) const {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const ssize_t got = ::pread(file_.get(), buffer.data() + filled, buffer.size() - filled,
                                static_cast<off_t>(begin + filled));
    if (got == 0) {
      break;
    }
    if (got < 0 && errno != EINTR) {
      return Unexpected(FileError{path_, reason_of(errno)});
    }
    filled += got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  return filled;
}

}  // namespace bulkhead::files
