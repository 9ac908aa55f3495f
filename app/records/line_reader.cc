#include "records/line_reader.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

namespace bulkhead::records {
namespace {

// What stays in the second level of the caches.
constexpr std::size_t kBlockBytes = std::size_t{256} << 10U;

}  // namespace

Expected<LineReader, std::string> LineReader::open(const Portion& portion) {
  // The byte before tells whether a line begins at the start.
  const std::uint64_t from = portion.begin == 0 ? 0 : portion.begin - 1;
  auto source = open_bytes(portion.path, from);
  if (!source) {
    return Unexpected(std::move(source.error()));
  }
  LineReader reader(std::move(*source), from, portion.end);
  if (portion.begin != 0) {
    reader.skip_line();
  }
  return reader;
}

LineReader::LineReader(std::unique_ptr<ByteSource> source, std::uint64_t offset, std::uint64_t end)
    : source_(std::move(source)),
      buffer_(kBlockBytes + kReadablePadding),
      offset_(offset),
      end_(end) {}

bool LineReader::next(Line& line) {
  if (offset_ >= end_) {
    return false;
  }
  std::size_t searched = 0;
  for (;;) {
    const char* const start = buffer_.data() + at_;
    const std::size_t there = filled_ - at_;
    if (const void* end = std::memchr(start + searched, '\n', there - searched)) {
      return give(line, static_cast<std::size_t>(static_cast<const char*>(end) - start));
    }
    searched = there;
    if (there > kMaxLineBytes) {
      return give_cut(line);
    }
    if (!refill()) {
      break;
    }
  }
  // A last line without its end.
  return filled_ != at_ && give(line, filled_ - at_);
}

bool LineReader::give(Line& line, std::size_t length) {
  line.text = std::string_view(buffer_.data() + at_, std::min(length, kMaxLineBytes));
  line.offset = offset_;
  line.is_whole = length <= kMaxLineBytes;
  const std::size_t with_end = std::min(length + 1, filled_ - at_);
  at_ += with_end;
  offset_ += with_end;
  return true;
}

bool LineReader::give_cut(Line& line) {
  // Kept aside, since the rest goes through the buffer.
  const char* const start = buffer_.data() + at_;
  cut_.assign(start, start + kMaxLineBytes + kReadablePadding);
  line = {.text = {cut_.data(), kMaxLineBytes}, .offset = offset_, .is_whole = false};
  skip_line();
  return true;
}

void LineReader::skip_line() {
  for (;;) {
    const char* const start = buffer_.data() + at_;
    const void* end = std::memchr(start, '\n', filled_ - at_);
    const std::size_t skipped =
        end == nullptr ? filled_ - at_
                       : static_cast<std::size_t>(static_cast<const char*>(end) - start) + 1;
    at_ += skipped;
    offset_ += skipped;
    if (end != nullptr || !refill()) {
      return;
    }
  }
}

// Reads another block behind what was not given yet; false: there is none.
bool LineReader::refill() {
  if (is_at_end_) {
    return false;
  }
  std::memmove(buffer_.data(), buffer_.data() + at_, filled_ - at_);
  filled_ -= at_;
  at_ = 0;
  buffer_.resize(std::max(buffer_.size(), filled_ + kBlockBytes / 2 + kReadablePadding));
  const auto got = source_->read(
      std::span(buffer_).subspan(filled_, buffer_.size() - filled_ - kReadablePadding));
  if (!got || *got == 0) {
    is_at_end_ = true;
    problem_ = got ? "" : got.error();
    return false;
  }
  filled_ += *got;
  return true;
}

}  // namespace bulkhead::records
