#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "imaging/encoding.h"
#include "imaging/layout.h"
#include "imaging/raster_source.h"

namespace bulkhead::imaging {

/// A picture that is to be written.
struct EncodeRequest {
  Encoding encoding;
  Extent size;
  int channels = 3;                    ///< 1 or 3, and one more for alpha
  std::span<const std::byte> samples;  ///< 8 bits each, interleaved
  Metadata metadata = {};              ///< for AVIF only
};

/// A picture in sRGB of which a part is to be shown.
struct CropRequest {
  Interest interest = Interest::Attention;
  Extent wanted;                        ///< Of the part.
  Extent size;                          ///< Of the picture.
  int channels = 3;                     ///< 1 or 3
  std::vector<std::byte> samples = {};  ///< 8 bits each, interleaved
};

/// The left upper corner of the part.
using Cropped = Expected<Extent, ImageError>;

using Encoded = Expected<std::vector<std::byte>, ImageError>;

}  // namespace bulkhead::imaging

extern "C" {
/// The functions of the module bulkhead_vips.so. Each sets its second argument.
void bulkhead_open_raster(const bulkhead::imaging::RasterRequest* request,
                          bulkhead::imaging::OpenedRaster* opened);
void bulkhead_encode(const bulkhead::imaging::EncodeRequest* request,
                     bulkhead::imaging::Encoded* encoded);
void bulkhead_crop(const bulkhead::imaging::CropRequest* request,
                   bulkhead::imaging::Cropped* cropped);
}

namespace bulkhead::imaging {

/// Opens a file of any format but JPEG and BMP with libvips; a WebP only where it is animated. That
/// comes with a hundred shared libraries, which a folder of JPEGs shall not pay for: it hides
/// behind a module that is loaded by the first call, from where the program's run path says.
/// Errors: Unsupported when there is no module; else those of the module.
OpenedRaster open_with_vips(const RasterRequest& request);

/// Writes a PNG, WebP or AVIF by the same module. Errors: Unsupported.
Encoded encode_with_vips(const EncodeRequest& request);

/// Finds the part of a picture that is most worth to be shown, by the same module.
/// Errors: Unsupported.
Cropped crop_with_vips(const CropRequest& request);

}  // namespace bulkhead::imaging
