#include "files/read_file.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>

#include "files/file_reader.h"

namespace bulkhead::files {
namespace {

using Bytes = std::vector<std::byte>;

// Reads until `buffer` is full or the stream ends. Returns the number of bytes, or -1 with errno
// set.
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
  const auto file = FileReader::open(path);
  if (!file) {
    return Unexpected(file.error());
  }
  Bytes bytes(file->bytes());
  const auto got = file->read(0, bytes);
  if (!got) {
    return Unexpected(got.error());
  }
  bytes.resize(*got);
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
