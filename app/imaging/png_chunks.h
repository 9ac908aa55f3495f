#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace bulkhead::imaging {

/// One chunk of a PNG: a type of four letters, and its bytes.
struct PngChunk {
  std::string type;
  std::vector<std::byte> payload;
};

using PngChunks = std::vector<PngChunk>;

/// A PNG with chunks behind its header. Bytes that do not begin as a PNG come back as they are.
std::vector<std::byte> with_chunks(std::span<const std::byte> png, const PngChunks& chunks);

/// The payload of the first chunk of a type; empty when there is none, or none that is whole.
std::span<const std::byte> find_chunk(std::span<const std::byte> png, const std::string& type);

}  // namespace bulkhead::imaging
