#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace bulkhead::imaging {

/// One chunk of a WebP: a type of four letters, and its bytes, as many as there are.
struct WebpChunk {
  std::string_view type;
  std::span<const std::byte> payload;
};

/// Reads the chunks of a WebP, one behind the other (WebP Container Specification, "RIFF File
/// Format"). The bytes must outlive it and what it gives.
class WebpChunks {
 public:
  explicit WebpChunks(std::span<const std::byte> file);

  /// Nothing behind the last one.
  std::optional<WebpChunk> next();

 private:
  std::span<const std::byte> rest_;
};

/// The payload of the first chunk of a type, of which the end may be missing; empty when there is
/// none.
std::span<const std::byte> find_webp_chunk(std::span<const std::byte> file, std::string_view type);

}  // namespace bulkhead::imaging
