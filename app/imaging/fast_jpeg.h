#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "imaging/jpeg_decoder.h"

namespace bulkhead::imaging {

/// Decodes at `eighths` of the size with thumbjpeg, in a quarter of libjpeg's time and less.
/// Nothing when that does not take the file or the scale, or when chroma is to be shown in full and
/// stored smaller, which libjpeg decodes at a larger scale: libjpeg decides then. Keeps memory for
/// the next file, for each thread.
std::optional<DecodedImage> decode_fast(std::span<const std::byte> file, int eighths,
                                        Chroma chroma);

}  // namespace bulkhead::imaging
