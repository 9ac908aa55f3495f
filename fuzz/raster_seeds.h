#pragma once

#include <cstdint>
#include <vector>

namespace bulkhead::fuzz {

/// Small bitmaps and WebPs of every coding that app/imaging itself reads, and camera raw files with
/// a preview; a resource of Photoshop, and the EXIF of a TIFF.
std::vector<std::vector<std::uint8_t>> raster_seeds();

}  // namespace bulkhead::fuzz
