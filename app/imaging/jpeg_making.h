#pragma once

#include "imaging/jpeg_decoder.h"
#include "imaging/making.h"
#include "imaging/thumbnail.h"

namespace bulkhead::imaging {

/// A JPEG that is decoded at its full size.
inline constexpr int kWholeEighths = 8;

/// What decoders leave that shrink by themselves when light is to be mixed: what they mix is not
/// light.
inline constexpr int kLeftForLight = 4;

/// What a file that holds a JPEG says of it, in place of the JPEG itself.
struct JpegOrigin {
  int orientation = 1;
  const char* name = "";  ///< Behind that of the decoder.
};

/// The making of a JPEG's thumbnails; what it is given must outlive it.
Making making_of_jpeg(const JpegHeader& header, const JpegOrigin& origin,
                      const ThumbnailOptions& options);

/// At which of its scales a JPEG is decoded for the thumbnails.
int scale_for(Extent stored, const Making& making, const ThumbnailOptions& options);

/// Whether the limits allow the photo at that scale.
std::optional<ImageError> check_size(const JpegHeader& header, int eighths, const Making& making);

}  // namespace bulkhead::imaging
