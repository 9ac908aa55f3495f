#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace bulkhead::imaging {

/// What a TIFF file says of how the photo was taken and by whom, as EXIF has it: a TIFF structure
/// of its own, without what describes the file, and without notes in a maker's own form, which are
/// true in their place only. Empty when it says nothing, or is a BigTIFF.
std::vector<std::byte> exif_in_tiff(std::span<const std::byte> file);

}  // namespace bulkhead::imaging
