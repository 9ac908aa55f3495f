#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "records/byte_source.h"

namespace bulkhead::records {

/// Behind what a window shows so many bytes may be read, whatever they are: room for SIMD.
inline constexpr std::size_t kReadablePadding = 64;

/// What a reader of records sees of a source: a part that lies in one piece, and grows behind until
/// the reader has found the end of a record in it.
class ByteWindow {
 public:
  /// `offset` is that of the source's first byte in the file.
  ByteWindow(std::unique_ptr<ByteSource> source, std::uint64_t offset);

  /// Valid until the next grow().
  std::string_view text() const { return {buffer_.data() + begin_, end_ - begin_}; }
  /// Of its first byte in the file.
  std::uint64_t offset() const { return offset_; }

  /// The reader is done with so many bytes of it.
  void pass(std::size_t bytes) {
    begin_ += bytes;
    offset_ += bytes;
  }
  /// Reads another block behind it; false: there is none. In either case the text moves.
  bool grow();

  /// Why there is no more; empty: it is the end.
  const std::string& problem() const { return problem_; }

 private:
  std::size_t room() const { return buffer_.size() - kReadablePadding - end_; }

  std::unique_ptr<ByteSource> source_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t offset_;
  bool is_at_end_ = false;  // of the source
  std::string problem_;
};

}  // namespace bulkhead::records
