#pragma once

#include <cstdint>

#include "imaging/extent.h"
#include "imaging/orientation.h"

namespace bulkhead::imaging {

/// A rectangle in the samples of a plane, with fractions; may reach over the plane's edges.
struct Region {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;

  friend bool operator==(const Region&, const Region&) = default;
};

/// The smallest of the decoder's cheap scales (1, 2, 3, 4 or 8 eighths) that leaves the resizer
/// at least `left_tenths` tenths of the pixels it needs on each side, and two on the shortest side.
/// `source` and `wanted` (what the whole source is resized to) are both as stored.
int choose_dct_scale(Extent source, Extent wanted, int left_tenths = 19);

/// The part of a chroma plane that the samples of a 4:2:0 chroma plane of a `luma`-sized picture
/// show, when `luma` shows `shown` of that plane. An odd picture's last chroma sample lies half
/// outside of it: on the side that is last once the picture is turned.
Region chroma_region(const Region& shown, Extent luma, Turn turn);

}  // namespace bulkhead::imaging
