#pragma once

#include <cstdint>
#include <vector>

#include "imaging/plane.h"

namespace bulkhead::imaging {

/// One channel of a picture in a plane that does not quite fit it: the picture's exact extent, in
/// samples. A picture whose sides are no multiple of the decoder's step covers the last column and
/// row in part only.
template <class Sample>
struct PlacedPlane {
  BasicPlane<Sample> samples;
  double width = 0;
  double height = 0;
  double left = 0;  ///< Where the picture begins.
  double top = 0;
};

template <class Sample>
using PlacedPlanes = std::vector<PlacedPlane<Sample>>;

}  // namespace bulkhead::imaging
