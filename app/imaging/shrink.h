#pragma once

#include <bulkhead/expected.h>

#include "imaging/extent.h"
#include "imaging/image_error.h"
#include "imaging/jpeg_decoder.h"
#include "imaging/orientation.h"
#include "imaging/picture.h"

namespace bulkhead::imaging {

/// Resizes a decoded image to `stored_size` (before the turn), turns it upright and brings it into
/// the colours of a picture.
/// Errors: those of resize().
Expected<Picture, ImageError> shrink(const DecodedImage& image, ColourModel model,
                                     Extent stored_size, Turn turn);

}  // namespace bulkhead::imaging
