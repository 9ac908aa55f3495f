#include "imaging/png_text.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace bulkhead::imaging {

namespace {

using Bytes = std::vector<std::byte>;

// The signature, and the IHDR chunk with its length, type and checksum.
constexpr std::size_t kHeaderBytes = 8 + 25;

void append(Bytes& bytes, std::string_view text) {
  for (const char character : text) {
    bytes.push_back(static_cast<std::byte>(character));
  }
}

void append(Bytes& bytes, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<std::byte>(number >> shift));
  }
}

// PNG specification, annex D.
std::uint32_t checksum(std::string_view text) {
  std::uint32_t sum = 0xFFFFFFFF;
  for (const char character : text) {
    sum ^= static_cast<unsigned char>(character);
    for (int bit = 0; bit < 8; ++bit) {
      sum = (sum >> 1U) ^ ((sum & 1U) != 0 ? 0xEDB88320 : 0);
    }
  }
  return ~sum;
}

}  // namespace

Bytes with_texts(std::span<const std::byte> png, const PngTexts& texts) {
  if (png.size() < kHeaderBytes) {
    return {png.begin(), png.end()};
  }
  const auto header = png.first(kHeaderBytes);
  Bytes bytes(header.begin(), header.end());
  for (const auto& [keyword, text] : texts) {
    using namespace std::string_literals;
    append(bytes, static_cast<std::uint32_t>(keyword.size() + 1 + text.size()));
    const std::string chunk = "tEXt" + keyword + "\0"s + text;
    append(bytes, chunk);
    append(bytes, checksum(chunk));
  }
  const auto rest = png.subspan(kHeaderBytes);
  bytes.insert(bytes.end(), rest.begin(), rest.end());
  return bytes;
}

std::span<const std::byte> empty_png() {
  static constexpr auto kBytes = std::to_array<std::uint8_t>(
      {0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48,
       0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00,
       0x00, 0x1F, 0x15, 0xC4, 0x89, 0x00, 0x00, 0x00, 0x0B, 0x49, 0x44, 0x41, 0x54, 0x78,
       0xDA, 0x63, 0x60, 0x00, 0x02, 0x00, 0x00, 0x05, 0x00, 0x01, 0xE9, 0xFA, 0xDC, 0xD8,
       0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82});
  return std::as_bytes(std::span(kBytes));
}

}  // namespace bulkhead::imaging
