#include "thumbjpeg/entropy_data.h"

#include <bit>
#include <cstring>

namespace thumbjpeg {

namespace {

constexpr std::uint8_t kMarkerByte = 0xFF;
constexpr std::ptrdiff_t kWordBytes = sizeof(std::uint64_t);

const std::uint8_t* find_marker_byte(const std::uint8_t* from, const std::uint8_t* end) {
  const void* found = std::memchr(from, kMarkerByte, static_cast<std::size_t>(end - from));
  return found == nullptr ? end : static_cast<const std::uint8_t*>(found);
}

/// How many bytes of eight come before the first 0xFF, the first one lowest.
std::ptrdiff_t bytes_before_marker(std::uint64_t eight_bytes) {
  constexpr std::uint64_t kLowest = 0x0101010101010101;
  constexpr std::uint64_t kHighest = 0x8080808080808080;
  // The highest bit of each 0xFF; above the first one also of some others.
  const std::uint64_t found = eight_bytes & (~eight_bytes - kLowest) & kHighest;
  return std::countr_zero(found) / 8;
}

std::uint64_t first_byte_lowest(std::uint64_t word) {
  return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
}

/// Copies up to the next 0xFF or the end, and moves both on as far. Writes some bytes more, less
/// than EntropyData::kSlack.
void copy_to_marker_byte(const std::uint8_t*& in, const std::uint8_t* end, std::uint8_t*& out) {
  while (end - in >= kWordBytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, in, sizeof word);
    std::memcpy(out, &word, sizeof word);
    const std::ptrdiff_t copied = bytes_before_marker(first_byte_lowest(word));
    in += copied;
    out += copied;
    if (copied != kWordBytes) {
      return;
    }
  }
  while (in != end && *in != kMarkerByte) {
    *out++ = *in++;
  }
}

/// The byte behind 0xFF at `at` and behind any further 0xFF; the end if there is none.
const std::uint8_t* behind_fill(const std::uint8_t* at, const std::uint8_t* end) {
  while (at != end && *at == kMarkerByte) {
    ++at;
  }
  return at;
}

}  // namespace

void EntropyData::clear(std::size_t bytes) {
  if (capacity_ < bytes + kSlack) {
    capacity_ = bytes + bytes / 2 + kSlack;
    bytes_.reset(new std::uint8_t[capacity_]);
  }
  size_ = 0;
  segments_.clear();
}

EntropyData::Appended EntropyData::append(std::span<const std::uint8_t> data) {
  const std::uint8_t* const end = data.data() + data.size();
  const std::uint8_t* in = data.data();
  std::uint8_t* out = bytes_.get() + size_;
  Appended appended{.data_bytes = data.size(), .bytes = data.size()};
  while (in != end) {
    copy_to_marker_byte(in, end, out);
    if (in == end) {
      break;
    }
    const std::uint8_t* const found = in;
    const std::uint8_t* const next = behind_fill(found, end);
    if (next == end || (*next == 0 && next - found > 1)) {
      appended.is_regular = false;
      break;
    }
    in = next + 1;
    if (*next != 0) {
      appended.data_bytes = static_cast<std::size_t>(found - data.data());
      appended.bytes = static_cast<std::size_t>(in - data.data());
      appended.marker = *next;
      break;
    }
    *out++ = kMarkerByte;
  }
  size_ = static_cast<std::size_t>(out - bytes_.get());
  return appended;
}

void EntropyData::end_segment() {
  segments_.push_back({segments_.empty() ? 0 : segments_.back().end, size_});
}

void EntropyData::finish() {
  std::memset(bytes_.get() + size_, 0, kSlack);
}

bool EntropyData::read(std::span<const std::uint8_t> scan, std::size_t segments) {
  if (scan.size() > kMaxBytes) {
    return false;
  }
  clear(scan.size());
  for (std::size_t at = 0;;) {
    const Appended appended = append(scan.subspan(at));
    if (!appended.is_regular || appended.marker == 0) {
      return false;
    }
    end_segment();
    if (!is_restart(appended.marker)) {
      bytes_in_file_ = at + appended.data_bytes;
      break;
    }
    const auto number = static_cast<int>((segments_.size() - 1) % kRestartNumbers);
    if (restart_number(appended.marker) != number || segments_.size() >= segments) {
      return false;
    }
    at += appended.bytes;
  }
  finish();
  return segments_.size() == segments;
}

std::size_t length_of_scan(std::span<const std::uint8_t> scan) {
  const std::uint8_t* const end = scan.data() + scan.size();
  const std::uint8_t* at = scan.data();
  for (;;) {
    const std::uint8_t* const found = find_marker_byte(at, end);
    const std::uint8_t* const next = behind_fill(found, end);
    if (next == end) {
      return scan.size();
    }
    if (*next != 0 && !is_restart(*next)) {
      return static_cast<std::size_t>(found - scan.data());
    }
    at = next + 1;
  }
}

}  // namespace thumbjpeg
