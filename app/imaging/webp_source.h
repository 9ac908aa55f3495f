#pragma once

#include <cstddef>
#include <span>

#include "imaging/raster_source.h"

namespace bulkhead::imaging {

/// Whether a WebP file holds several pictures, which are pieces that are laid on one another.
bool is_animated_webp(std::span<const std::byte> file);

/// Opens a WebP of one picture by libwebp, which shrinks while it decodes where nothing is
/// transparent. Of a file that breaks off there are the rows that came.
/// Errors: Damaged, Unsupported, OutOfMemory.
OpenedRaster open_webp(std::span<const std::byte> file);

}  // namespace bulkhead::imaging
