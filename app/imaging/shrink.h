#pragma once

#include <bulkhead/expected.h>

#include "imaging/box_shrink.h"
#include "imaging/colour.h"
#include "imaging/extent.h"
#include "imaging/image_error.h"
#include "imaging/jpeg_decoder.h"
#include "imaging/orientation.h"
#include "imaging/picture.h"

namespace bulkhead::imaging {

/// Resizes a decoded image of grey or YCbCr to `stored_size` (before the turn) and turns it
/// upright: the short way, from the planes of the file to those of the encoder. Errors: those of
/// resize().
Expected<Picture, ImageError> shrink_to_picture(const DecodedImage& image, Extent stored_size,
                                                Turn turn);

/// The same for an image of any model, to grey or RGB of 16 bits.
Expected<ColourPicture, ImageError> shrink_to_colours(const DecodedImage& image, ColourModel model,
                                                      Extent stored_size, Turn turn);

/// The same for a raster.
Expected<ColourPicture, ImageError> shrink_to_colours(const Raster& raster, ColourModel model,
                                                      Extent stored_size, Turn turn);

}  // namespace bulkhead::imaging
