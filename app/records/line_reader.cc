#include "records/line_reader.h"

#include <algorithm>
#include <utility>

namespace bulkhead::records {

Expected<LineReader, std::string> LineReader::open(const Portion& portion) {
  // The byte before tells whether a line begins at the start.
  const std::uint64_t from = portion.begin == 0 ? 0 : portion.begin - 1;
  auto source = open_bytes(portion.path, from);
  if (!source) {
    return Unexpected(std::move(source.error()));
  }
  LineReader reader(ByteWindow(std::move(*source), from), portion.end);
  if (portion.begin == 0) {
    reader.skip_byte_order_mark();
  } else {
    reader.skip_line();
  }
  return reader;
}

LineReader::LineReader(ByteWindow window, std::uint64_t end)
    : window_(std::move(window)), end_(end) {}

bool LineReader::next(Line& line) {
  if (window_.offset() >= end_) {
    return false;
  }
  std::size_t searched = 0;
  for (;;) {
    const std::string_view there = window_.text();
    if (const auto end = there.find('\n', searched); end != std::string_view::npos) {
      return give(line, end);
    }
    searched = there.size();
    if (searched > kMaxLineBytes) {
      return give_cut(line);
    }
    if (!window_.grow()) {
      break;
    }
  }
  const bool is_last_line = searched != 0 && problem().empty();
  return is_last_line && give(line, searched);
}

std::size_t LineReader::next(std::span<Line> lines) {
  if (lines.empty() || !next(lines.front())) {
    return 0;
  }
  std::size_t count = 1;
  for (; count < lines.size() && window_.offset() < end_; ++count) {
    const auto end = window_.text().find('\n');
    if (end == std::string_view::npos) {
      break;  // To read more would move those before.
    }
    give(lines[count], end);
  }
  return count;
}

bool LineReader::give(Line& line, std::size_t length) {
  const std::string_view there = window_.text();
  line.text = there.substr(0, std::min(length, kMaxLineBytes));
  line.offset = window_.offset();
  line.is_whole = length <= kMaxLineBytes;
  window_.pass(std::min(length + 1, there.size()));
  return true;
}

bool LineReader::give_cut(Line& line) {
  // Kept aside, since the rest goes through the window.
  const char* const start = window_.text().data();
  cut_.assign(start, start + kMaxLineBytes + kReadablePadding);
  line = {.text = {cut_.data(), kMaxLineBytes}, .offset = window_.offset(), .is_whole = false};
  skip_line();
  return true;
}

void LineReader::skip_byte_order_mark() {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  while (window_.text().size() < kMark.size() && window_.grow()) {
  }
  if (end_ != 0 && window_.text().starts_with(kMark)) {
    window_.pass(kMark.size());
    // The first line is of the portion that has the file's first byte.
    end_ = std::max(end_, window_.offset() + 1);
  }
}

// Not beyond the end: a line that begins behind it is of no concern here, and a file may be one
// line.
void LineReader::skip_line() {
  while (window_.offset() < end_) {
    const std::string_view there = window_.text();
    const auto end = there.find('\n');
    const bool has_end = end != std::string_view::npos;
    window_.pass(has_end ? end + 1 : there.size());
    if (has_end || !window_.grow()) {
      return;
    }
  }
}

}  // namespace bulkhead::records
