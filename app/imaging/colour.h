#pragma once

#include <vector>

#include "imaging/jpeg_decoder.h"
#include "imaging/picture.h"
#include "imaging/plane.h"

namespace bulkhead::imaging {

/// Turns planes of RGB, CMYK or YCCK samples, all of one extent, into a picture. Ink is converted
/// as ideal ink is: red is what cyan and black let through. No colour profile is applied.
/// `model` is neither Grey nor YCbCr: these are pictures already, once resized.
Picture to_picture(const std::vector<Plane>& planes, ColourModel model);

}  // namespace bulkhead::imaging
