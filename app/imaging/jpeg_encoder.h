#pragma once

#include <cstddef>
#include <vector>

#include <bulkhead/expected.h>

#include "imaging/image_error.h"
#include "imaging/picture.h"

namespace bulkhead::imaging {

/// Writes a picture as a baseline JPEG: JFIF header only, 4:2:0 or one component, Huffman tables
/// made for it. `quality` is 1 to 100, as libjpeg counts; the picture is used up.
/// Errors: OutOfMemory.
Expected<std::vector<std::byte>, ImageError> encode_jpeg(Picture picture, int quality);

}  // namespace bulkhead::imaging
