#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace bulkhead::vips {

/// The payload of the first eXIf chunk of a PNG (PNG specification, third edition, 11.3.4.5): a
/// TIFF structure. Empty when there is none.
std::span<const std::uint8_t> exif_chunk(std::span<const std::byte> png);

/// The bytes in a text that ImageMagick writes as "Raw profile type exif": a name and a length on
/// lines of their own, then hexadecimal digits. Empty when it is anything else.
std::vector<std::uint8_t> raw_profile(std::string_view text);

}  // namespace bulkhead::vips
