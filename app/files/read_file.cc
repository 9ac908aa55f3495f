#include "files/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <span>
#include <utility>

#include "files/descriptor.h"

namespace bulkhead::files {
namespace {

using Bytes = std::vector<std::byte>;

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

// Reads until `buffer` is full or the file ends. Returns the number of bytes, or -1 with errno set.
ssize_t fill(int file, std::span<std::byte> buffer) {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const ssize_t got = ::read(file, buffer.data() + filled, buffer.size() - filled);
    if (got == 0) {
      break;
    }
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return -1;
    }
    filled += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(filled);
}

}  // namespace

Expected<Bytes, FileError> read_file(const std::string& path) {
  // O_NONBLOCK: opening a FIFO without a writer would wait for one (open(2)).
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
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
  Bytes bytes(static_cast<std::size_t>(status.st_size));
  const ssize_t got = fill(file.get(), bytes);
  if (got < 0) {
    return Unexpected(FileError{path, reason_of(errno)});
  }
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

Expected<Bytes, FileError> read_stream(int file, const std::string& name, std::size_t most) {
  constexpr std::size_t kPartBytes = std::size_t{1} << 20U;
  Bytes bytes;
  std::size_t filled = 0;
  while (filled == bytes.size() && filled < most) {
    bytes.resize(std::min(most, filled + std::max(kPartBytes, filled)));
    const ssize_t got = fill(file, std::span(bytes).subspan(filled));
    if (got < 0) {
      return Unexpected(FileError{name, reason_of(errno)});
    }
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

Expected<Bytes, FileError> read_standard_input() {
  auto bytes = read_stream(STDIN_FILENO, "standard input", kMaxFileBytes + 1);
  if (bytes && bytes->size() > kMaxFileBytes) {
    return Unexpected(FileError{"standard input", "is larger than 1 GiB"});
  }
  return bytes;
}

}  // namespace bulkhead::files
