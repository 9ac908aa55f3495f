#include "imaging/webp_chunks.h"

#include <algorithm>

namespace bulkhead::imaging {

namespace {

constexpr std::size_t kFileHeaderBytes = 12;
constexpr std::size_t kTypeBytes = 4;
constexpr std::size_t kChunkHeaderBytes = 8;

using View = std::span<const std::byte>;

std::size_t length_in(View header) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    length |= std::to_integer<std::size_t>(header[kTypeBytes + i]) << 8 * i;
  }
  return length;
}

}  // namespace

WebpChunks::WebpChunks(View file) : rest_(file.subspan(std::min(file.size(), kFileHeaderBytes))) {}

std::optional<WebpChunk> WebpChunks::next() {
  if (rest_.size() < kChunkHeaderBytes) {
    return std::nullopt;
  }
  const std::size_t length = length_in(rest_);
  const auto* const type = reinterpret_cast<const char*>(rest_.data());
  rest_ = rest_.subspan(kChunkHeaderBytes);
  const View payload = rest_.first(std::min(length, rest_.size()));
  rest_ = rest_.subspan(std::min(length + length % 2, rest_.size()));
  return WebpChunk{{type, kTypeBytes}, payload};
}

View find_webp_chunk(View file, std::string_view type) {
  WebpChunks chunks(file);
  while (const auto chunk = chunks.next()) {
    if (chunk->type == type) {
      return chunk->payload;
    }
  }
  return {};
}

}  // namespace bulkhead::imaging
