#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include <bulkhead/expected.h>

#include "files/descriptor.h"
#include "files/file_error.h"

namespace bulkhead::files {

/// A regular file that is open, where not all of it may be wanted.
class FileReader {
 public:
  /// Never blocks on a FIFO or a terminal.
  /// Errors: those of open, "is a folder", "is not a regular file", "is larger than 1 GiB".
  static Expected<FileReader, FileError> open(const std::string& path);

  /// How large it was when it was opened.
  std::size_t bytes() const { return bytes_; }

  /// Fills the buffer with its bytes from `begin` on: how many there were, fewer than the buffer
  /// has where the file ends. Errors: those of pread.
  Expected<std::size_t, FileError> read(std::size_t begin, std::span<std::byte> buffer) const;

 private:
  FileReader(std::string path, Descriptor file, std::size_t bytes)
      : path_(std::move(path)), file_(std::move(file)), bytes_(bytes) {}

  std::string path_;
  Descriptor file_;
  std::size_t bytes_ = 0;
};

}  // namespace bulkhead::files
