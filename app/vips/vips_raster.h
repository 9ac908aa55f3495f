#pragma once

#include "imaging/raster_source.h"

namespace bulkhead::vips {

/// Opens a PNG, GIF, WebP, TIFF, HEIF or PNM file by libvips: its first picture, decoded in the
/// calling thread as far as libvips can, with nothing cached. Only the loader of the format asked
/// for is ever used. The first call starts libvips.
/// Errors: Damaged, Unsupported (kinds of samples, formats this libvips does not have).
imaging::OpenedRaster open(const imaging::RasterRequest& request);

}  // namespace bulkhead::vips
