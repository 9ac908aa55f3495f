#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <bulkhead/expected.h>

#include "imaging/encoding.h"
#include "imaging/image_error.h"
#include "imaging/picture.h"

namespace bulkhead::imaging {

/// Writes a picture as a JPEG with a JFIF header and nothing else around it, its chroma as the
/// picture has it; the picture is used up. The format in `encoding` is not looked at.
/// Errors: OutOfMemory.
Expected<std::vector<std::byte>, ImageError> encode_jpeg(Picture picture, const Encoding& encoding);

/// The same for samples of 8 bits, grey or RGB, interleaved, row by row; chroma as `encoding` says.
Expected<std::vector<std::byte>, ImageError> encode_jpeg(std::span<const std::byte> samples,
                                                         Extent size, const Encoding& encoding);

}  // namespace bulkhead::imaging
