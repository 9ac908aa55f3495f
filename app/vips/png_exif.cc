#include "vips/png_exif.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace bulkhead::vips {

namespace {

constexpr std::size_t kSignatureBytes = 8;
constexpr std::size_t kChunkFrameBytes = 12;  // length, type and checksum
constexpr std::size_t kMaxProfileDigits = 1U << 20U;

std::uint32_t big_endian_at(std::span<const std::uint8_t> bytes, std::size_t offset) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = value << 8U | bytes[offset + i];
  }
  return value;
}

}  // namespace

std::span<const std::uint8_t> exif_chunk(std::span<const std::byte> png) {
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(png.data()), png.size());
  std::size_t at = kSignatureBytes;
  while (bytes.size() >= kChunkFrameBytes && at <= bytes.size() - kChunkFrameBytes) {
    const std::size_t length = big_endian_at(bytes, at);
    const std::size_t room = bytes.size() - at - kChunkFrameBytes;
    if (length > room) {
      return {};
    }
    constexpr std::string_view kType = "eXIf";
    if (std::equal(kType.begin(), kType.end(),
                   bytes.begin() + static_cast<std::ptrdiff_t>(at + 4))) {
      return bytes.subspan(at + 8, length);
    }
    at += length + kChunkFrameBytes;
  }
  return {};
}

std::vector<std::uint8_t> raw_profile(std::string_view text) {
  // "\nexif\n      32\n4578..."
  for (int line = 0; line < 3; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      return {};
    }
    text.remove_prefix(end + 1);
  }
  std::string digits(text.substr(0, kMaxProfileDigits));
  std::erase(digits, '\n');
  std::vector<std::uint8_t> bytes(digits.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char* const pair = digits.data() + 2 * i;
    if (std::from_chars(pair, pair + 2, bytes[i], 16).ptr != pair + 2) {
      return {};
    }
  }
  return bytes;
}

}  // namespace bulkhead::vips
