#include "records/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

#include "files/descriptor.h"
#include "files/file_error.h"
#include "records/compression.h"
#include "records/decompressors.h"

namespace bulkhead::records {
namespace {

class FileBytes final : public ByteSource {
 public:
  FileBytes(files::Descriptor file, std::uint64_t offset)
      : file_(std::move(file)), offset_(offset) {}

  Expected<std::size_t, std::string> read(std::span<char> room) override {
    std::size_t filled = 0;
    while (filled < room.size()) {
      const ssize_t got = ::pread(file_.get(), room.data() + filled, room.size() - filled,
                                  static_cast<off_t>(offset_));
      if (got < 0 && errno == EINTR) {
        continue;
      }
      if (got < 0) {
        return Unexpected(files::reason_of(errno));
      }
      if (got == 0) {
        break;
      }
      filled += static_cast<std::size_t>(got);
      offset_ += static_cast<std::uint64_t>(got);
    }
    return filled;
  }

 private:
  files::Descriptor file_;
  std::uint64_t offset_;
};

Expected<files::Descriptor, std::string> open_regular(const std::string& path) {
  // O_NONBLOCK: opening a FIFO without a writer would wait for one (open(2)).
  files::Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0) {
    return Unexpected(files::reason_of(errno));
  }
  if (S_ISDIR(status.st_mode)) {
    return Unexpected(std::string("is a folder"));
  }
  if (!S_ISREG(status.st_mode)) {
    return Unexpected(std::string("is not a regular file"));
  }
  return file;
}

}  // namespace

Expected<std::unique_ptr<ByteSource>, std::string> open_bytes(const std::string& path,
                                                              std::uint64_t offset) {
  auto file = open_regular(path);
  if (!file) {
    return Unexpected(std::move(file.error()));
  }
  std::array<char, kMagicBytes> start{};
  const ssize_t got = ::pread(file->get(), start.data(), start.size(), 0);
  if (got < 0) {
    return Unexpected(files::reason_of(errno));
  }
  const Compression compression =
      compression_of(std::string_view(start.data(), static_cast<std::size_t>(got)));
  auto bytes = std::make_unique<FileBytes>(std::move(*file), offset);
  return compression == Compression::None ? std::move(bytes)
                                          : unpack(std::move(bytes), compression);
}

}  // namespace bulkhead::records
