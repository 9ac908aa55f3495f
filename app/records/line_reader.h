#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <bulkhead/expected.h>

#include "records/byte_source.h"
#include "records/portions.h"

namespace bulkhead::records {

/// A longer line is not looked at: it is given cut off.
inline constexpr std::size_t kMaxLineBytes = std::size_t{1} << 20U;

/// Behind each line so many bytes may be read, whatever they are: room for SIMD.
inline constexpr std::size_t kReadablePadding = 64;

/// One line, without its end.
struct Line {
  std::string_view text = {};
  std::uint64_t offset = 0;  ///< of its first byte in the file, or in what is packed in it
  bool is_whole = true;      ///< false: longer than kMaxLineBytes; `text` is its start
};

/// The lines that begin in a portion of a file, the last perhaps beyond its end: each line of a
/// file belongs to one portion, wherever it is cut.
class LineReader {
 public:
  /// Errors: those of open_bytes.
  static Expected<LineReader, std::string> open(const Portion& portion);

  /// The next line, valid until the next call; false at the end, or where reading failed.
  bool next(Line& line);

  /// Why there is no next line; empty: it was the end.
  const std::string& problem() const { return problem_; }

 private:
  LineReader(std::unique_ptr<ByteSource> source, std::uint64_t offset, std::uint64_t end);

  bool refill();
  bool give(Line& line, std::size_t length);
  bool give_cut(Line& line);
  void skip_line();

  std::unique_ptr<ByteSource> source_;
  std::vector<char> buffer_;
  std::vector<char> cut_;   // the start of a line that is too long
  std::size_t at_ = 0;      // in the buffer: where the next line begins
  std::size_t filled_ = 0;  // of the buffer
  std::uint64_t offset_;    // of at_ in the file
  std::uint64_t end_;
  bool is_at_end_ = false;  // of the source
  std::string problem_;
};

}  // namespace bulkhead::records
