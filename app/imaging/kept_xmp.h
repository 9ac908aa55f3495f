#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace bulkhead::imaging {

/// The XMP of a photo, made true of its thumbnail: where it says an orientation, it says upright.
std::vector<std::byte> xmp_of_thumbnail(std::span<const std::byte> xmp);

}  // namespace bulkhead::imaging
