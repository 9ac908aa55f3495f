#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "imaging/extent.h"
#include "imaging/metadata.h"

namespace bulkhead::imaging {

/// What stands before the XMP in its segment of a JPEG (XMP Specification Part 3, 1.1.3).
inline constexpr std::string_view kXmpStart{"http://ns.adobe.com/xap/1.0/\0", 29};

/// The file of a picture without metadata, with it. EXIF, XMP and IPTC of more than a segment holds
/// (64 KiB) and profiles of more than 255 of them are left out.
std::vector<std::byte> jpeg_with(std::vector<std::byte> jpeg, const Metadata& metadata);

/// IPTC is left out: neither this format nor WebP has a place for it.
std::vector<std::byte> png_with(std::vector<std::byte> png, const Metadata& metadata);

/// Of a picture of the extent. Whatever the file has said besides is left out: the libwebp saver of
/// libvips 8.14 adds EXIF of its own, also when it is told to strip.
std::vector<std::byte> webp_with(const std::vector<std::byte>& webp, Extent extent,
                                 const Metadata& metadata);

}  // namespace bulkhead::imaging
