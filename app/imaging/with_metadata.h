#pragma once

#include <cstddef>
#include <vector>

#include "imaging/extent.h"
#include "imaging/metadata.h"

namespace bulkhead::imaging {

/// The file of a picture without metadata, with it. EXIF of more than a segment holds (64 KiB) and
/// profiles of more than 255 of them are left out.
std::vector<std::byte> jpeg_with(std::vector<std::byte> jpeg, const Metadata& metadata);

std::vector<std::byte> png_with(std::vector<std::byte> png, const Metadata& metadata);

/// Of a picture of the extent. Whatever the file has said besides is left out: the libwebp saver of
/// libvips 8.14 adds EXIF of its own, also when it is told to strip.
std::vector<std::byte> webp_with(const std::vector<std::byte>& webp, Extent extent,
                                 const Metadata& metadata);

}  // namespace bulkhead::imaging
