#include "imaging/png_chunks.h"

#include <zlib.h>

#include <cstdint>
#include <string_view>

namespace bulkhead::imaging {

namespace {

using Bytes = std::vector<std::byte>;
using View = std::span<const std::byte>;

constexpr std::size_t kSignatureBytes = 8;
constexpr std::size_t kFrameBytes = 12;  // length, type and checksum
constexpr std::size_t kTypeBytes = 4;

// The signature, and the IHDR chunk.
constexpr std::size_t kHeaderBytes = kSignatureBytes + kFrameBytes + 13;

void append(Bytes& bytes, std::size_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<std::byte>(number >> shift));
  }
}

std::size_t number_at(View bytes, std::size_t offset) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = value << 8U | std::to_integer<std::size_t>(bytes[offset + i]);
  }
  return value;
}

// PNG specification, 5.3.
void append(Bytes& bytes, const PngChunk& chunk) {
  append(bytes, chunk.payload.size());
  const std::size_t start = bytes.size();
  const auto type = std::as_bytes(std::span(chunk.type));
  bytes.insert(bytes.end(), type.begin(), type.end());
  bytes.insert(bytes.end(), chunk.payload.begin(), chunk.payload.end());
  append(bytes,
         crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data() + start), bytes.size() - start));
}

}  // namespace

Bytes with_chunks(View png, const PngChunks& chunks) {
  if (png.size() < kHeaderBytes) {
    return {png.begin(), png.end()};
  }
  Bytes bytes(png.begin(), png.begin() + kHeaderBytes);
  for (const PngChunk& chunk : chunks) {
    append(bytes, chunk);
  }
  bytes.insert(bytes.end(), png.begin() + kHeaderBytes, png.end());
  return bytes;
}

View find_chunk(View png, const std::string& type) {
  std::size_t at = kSignatureBytes;
  while (png.size() >= kFrameBytes && at <= png.size() - kFrameBytes) {
    const std::size_t length = number_at(png, at);
    if (length > png.size() - at - kFrameBytes) {
      return {};
    }
    const auto* const name = reinterpret_cast<const char*>(png.data() + at + kTypeBytes);
    if (std::string_view(name, kTypeBytes) == type) {
      return png.subspan(at + 2 * kTypeBytes, length);
    }
    at += length + kFrameBytes;
  }
  return {};
}

}  // namespace bulkhead::imaging
