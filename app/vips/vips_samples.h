#pragma once

#include "imaging/raster_source.h"
#include "vips/vips_library.h"

namespace bulkhead::vips {

/// The image with samples as a RasterSource gives them: grey, RGB or CMYK of 8 or 16 bits, other
/// colour spaces converted to sRGB. Describes them in `header`, whose profile is dropped where it
/// no longer fits. Null, with an error of libvips, for samples that have no such form.
ImagePtr with_plain_samples(ImagePtr image, imaging::RasterHeader& header);

}  // namespace bulkhead::vips
