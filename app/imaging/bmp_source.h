#pragma once

#include <cstddef>
#include <span>

#include "imaging/raster_source.h"

namespace bulkhead::imaging {

/// Opens a Windows bitmap: 1 to 32 bits a pixel, palettes, bit fields with and without alpha, run
/// lengths, either way up. libvips would leave it to ImageMagick.
/// Errors: Damaged, Unsupported (a JPEG or PNG inside), TooLarge (run lengths over 100 megapixels,
/// which are unpacked at once).
OpenedRaster open_bmp(std::span<const std::byte> file);

}  // namespace bulkhead::imaging
