#pragma once

// jpeglib.h uses FILE and size_t without declaring them, so the order matters.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include <cstdint>
#include <span>

namespace bulkhead::imaging {

/// Has libjpeg, while it reads the header, point `exif` to the payload of the first EXIF segment
/// within the bytes of its source, which must lie in memory as one piece. Takes the codec's
/// client_data.
void watch_for_exif(jpeg_decompress_struct& codec, std::span<const std::uint8_t>& exif);

}  // namespace bulkhead::imaging
