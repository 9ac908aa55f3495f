#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "imaging/extent.h"

namespace bulkhead::imaging {

/// Whether a file is the raw data of a camera: CR2, CR3, DNG, NEF, ARW, PEF, ORF, RW2 or RAF.
bool is_camera_raw(std::span<const std::byte> file);

/// The JPEG in a camera's raw file that suits a thumbnail of the extent best: the smallest of the
/// largest one's proportions that is at least as large, or else the largest. From its first byte to
/// the end of the file; empty when there is none. Lossless JPEGs, which hold the raw data
/// themselves, do not count.
std::span<const std::byte> find_preview(std::span<const std::byte> file, Extent wanted);

/// The orientation that the raw file says it has, 1 to 8; 1 when it does not.
int raw_orientation(std::span<const std::byte> file);

}  // namespace bulkhead::imaging
