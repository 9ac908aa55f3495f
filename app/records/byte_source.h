#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include <bulkhead/expected.h>

namespace bulkhead::records {

/// Bytes that are read once, from the first to the last: a part of a file, or what is packed in
/// one.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Fills `room` from its start, as far as there are bytes; less than all of it only before the
  /// end or an error, 0 at the end. Returns how many. Errors: for people, without the file's name.
  virtual Expected<std::size_t, std::string> read(std::span<char> room) = 0;
};

/// The bytes of a file from `offset` on. A file that is compressed (told by its content: gzip,
/// Zstandard, xz, bzip2) is unpacked, all its members one after the other, and can only be read
/// from 0. Never blocks on a FIFO.
/// Errors: those of the system, "is a folder", "is not a regular file".
Expected<std::unique_ptr<ByteSource>, std::string> open_bytes(const std::string& path,
                                                              std::uint64_t offset);

}  // namespace bulkhead::records
