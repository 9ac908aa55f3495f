#pragma once

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

/// The largest extent of the source's proportions that fits into the box; never larger than the
/// source, no side below 1. Sides are rounded to the nearest pixel.
Extent fit_inside(Extent source, Extent box);

/// The smallest of the decoder's cheap scales (1, 2, 4 or 8 eighths) that leaves the resizer at
/// least twice the pixels it needs on each side, and two on the shortest side.
/// `source` and `box` are both as stored.
int choose_dct_scale(Extent source, Extent box);

/// The part of a chroma plane that the samples of a 4:2:0 chroma plane of a `luma`-sized picture
/// show, when the whole picture is `width` × `height` samples of that plane. An odd picture's last
/// chroma sample lies half outside of it: on the side that is last once the picture is turned.
Region chroma_region(double width, double height, Extent luma, Turn turn);

}  // namespace bulkhead::imaging
