#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace bulkhead::vips {

/// The bytes in a text that ImageMagick writes as "Raw profile type exif": a name and a length on
/// lines of their own, then hexadecimal digits. Empty when it is anything else.
std::vector<std::uint8_t> raw_profile(std::string_view text);

}  // namespace bulkhead::vips
