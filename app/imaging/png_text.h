#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bulkhead::imaging {

/// Keywords and their texts, both in ASCII.
using PngTexts = std::vector<std::pair<std::string, std::string>>;

/// A PNG with texts behind its header (tEXt chunks; PNG specification, 11.3.4.3). Bytes that do not
/// begin as a PNG come back as they are.
std::vector<std::byte> with_texts(std::span<const std::byte> png, const PngTexts& texts);

/// A PNG of one transparent pixel.
std::span<const std::byte> empty_png();

}  // namespace bulkhead::imaging
