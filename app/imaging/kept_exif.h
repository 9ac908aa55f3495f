#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "imaging/extent.h"

namespace bulkhead::imaging {

/// What may stand in the EXIF of a thumbnail; both take and give the TIFF structure of an EXIF
/// block by itself, which may be broken: what cannot be read is left as it is.

/// All that is in the photo's, made true of a thumbnail of the extent: it has that size,
/// there is no preview in it, and `orientation` is how it is still to be turned. Empty when `exif`
/// is no TIFF structure.
std::vector<std::byte> exif_of_thumbnail(std::span<const std::byte> exif, Extent extent,
                                         int orientation);

/// The artist and the copyright of the photo and nothing else; empty when it names neither.
std::vector<std::byte> exif_of_author(std::span<const std::byte> exif);

}  // namespace bulkhead::imaging
