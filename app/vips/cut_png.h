#pragma once

#include <cstddef>
#include <span>

#include "imaging/raster_source.h"

namespace bulkhead::vips {

/// Opens a PNG that breaks off, of which libvips gives nothing where it is interlaced: libpng tells
/// each pixel that came and, in place of one that did not, the next coarse one. `header` has what
/// the file says of itself; how its rows come is filled in.
/// Errors: Damaged, already in what stands before the pixels.
imaging::OpenedRaster open_cut_png(std::span<const std::byte> file, imaging::RasterHeader header);

}  // namespace bulkhead::vips
