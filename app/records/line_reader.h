#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <bulkhead/expected.h>

#include "records/byte_window.h"
#include "records/portions.h"

namespace bulkhead::records {

/// A longer line is not looked at: it is given cut off.
inline constexpr std::size_t kMaxLineBytes = std::size_t{1} << 20U;

/// One line, without its end; kReadablePadding bytes may be read behind it.
struct Line {
  std::string_view text = {};
  std::uint64_t offset = 0;  ///< of its first byte in the file, or in what is packed in it
  bool is_whole = true;      ///< false: longer than kMaxLineBytes; `text` is its start
};

/// The lines that begin in a portion of a file, the last perhaps beyond its end: each line of a
/// file belongs to one portion, wherever it is cut. A byte order mark at the start of a file is no
/// part of its first line.
class LineReader {
 public:
  /// Errors: those of open_bytes.
  static Expected<LineReader, std::string> open(const Portion& portion);

  /// The next line, valid until the next call; false at the end, or where reading failed: what is
  /// there of a line then is not given.
  bool next(Line& line);
  /// The next lines, so many at most, and at least one unless it is the end: as many as can be
  /// given together. They are valid until the next call. Returns how many.
  std::size_t next(std::span<Line> lines);

  /// Why there is no next line; empty: it was the end.
  const std::string& problem() const { return window_.problem(); }

 private:
  LineReader(ByteWindow window, std::uint64_t end);

  bool give(Line& line, std::size_t length);
  bool give_cut(Line& line);
  void skip_byte_order_mark();
  void skip_line();

  ByteWindow window_;  // begins with the next line
  std::uint64_t end_;
  std::vector<char> cut_;  // the start of a line that is too long
};

}  // namespace bulkhead::records
