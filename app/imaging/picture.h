#pragma once

#include <vector>

#include "imaging/extent.h"
#include "imaging/plane.h"

namespace bulkhead::imaging {

/// The planes of chroma: as large as luma (4:4:4), or centred 4:2:0, ceil(height / 2) × ceil(width
/// / 2) each.
enum class Chroma { Full, Halved };

/// A picture as the encoder takes it: one plane of luma, or luma and two planes of chroma, in the
/// YCbCr of JFIF.
struct Picture {
  std::vector<Plane> planes;

  Extent extent() const { return planes.front().extent(); }
};

/// The extent of the chroma planes of a 4:2:0 picture.
inline Extent chroma_extent(Extent luma) {
  return {(luma.width + 1) / 2, (luma.height + 1) / 2};
}

}  // namespace bulkhead::imaging
