#pragma once

#include "imaging/extent.h"
#include "imaging/plane.h"

namespace bulkhead::imaging {

/// How a stored picture is turned to be shown: flipped first, then transposed (rows and columns
/// change places).
struct Turn {
  bool flip_x = false;
  bool flip_y = false;
  bool transpose = false;

  friend bool operator==(const Turn&, const Turn&) = default;
};

/// The turn that an EXIF orientation asks for (EXIF 2.32, tag 0x0112). Values outside 1 to 8 give
/// no turn.
Turn turn_of(int exif_orientation);

/// The extent of a picture after the turn; also the way back, since only the transposition counts.
Extent turned(Extent stored, Turn turn);

/// The plane after the turn.
template <class Sample>
BasicPlane<Sample> turned(const BasicPlane<Sample>& stored, Turn turn);

extern template Plane turned(const Plane& stored, Turn turn);
extern template WidePlane turned(const WidePlane& stored, Turn turn);

}  // namespace bulkhead::imaging
