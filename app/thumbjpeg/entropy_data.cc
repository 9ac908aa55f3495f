#include "thumbjpeg/entropy_data.h"

#include <bit>
#include <cstring>

namespace thumbjpeg {

namespace {

constexpr std::uint8_t kMarkerByte = 0xFF;
constexpr int kFirstRestart = 0xD0;
constexpr int kRestarts = 8;
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

bool is_restart(int marker) {
  return marker >= kFirstRestart && marker < kFirstRestart + kRestarts;
}

}  // namespace

void EntropyData::make_room(std::size_t bytes) {
  if (capacity_ < bytes) {
    capacity_ = bytes + bytes / 2;
    bytes_.reset(new std::uint8_t[capacity_]);
  }
}

bool EntropyData::read(std::span<const std::uint8_t> scan, std::size_t segments) {
  if (scan.size() > kMaxBytes) {
    return false;
  }
  make_room(scan.size() + kSlack);
  segments_.clear();
  const std::uint8_t* const end = scan.data() + scan.size();
  const std::uint8_t* in = scan.data();
  std::uint8_t* out = bytes_.get();
  std::size_t segment_begin = 0;
  for (;;) {
    copy_to_marker_byte(in, end, out);
    const std::uint8_t* const found = in;
    const std::uint8_t* const next = behind_fill(found, end);
    if (next == end) {
      return false;
    }
    in = next + 1;
    if (*next == 0) {
      if (next - found > 1) {
        return false;
      }
      *out++ = kMarkerByte;
      continue;
    }
    const auto size = static_cast<std::size_t>(out - bytes_.get());
    segments_.push_back({segment_begin, size});
    segment_begin = size;
    if (!is_restart(*next)) {
      bytes_in_file_ = static_cast<std::size_t>(found - scan.data());
      break;
    }
    const auto number = (segments_.size() - 1) % kRestarts;
    if (*next != kFirstRestart + number || segments_.size() >= segments) {
      return false;
    }
  }
  std::memset(out, 0, kSlack);
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
