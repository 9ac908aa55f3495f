#pragma once

#include "imaging/plane.h"

namespace bulkhead::imaging {

/// Adds to each sample so many percent of its difference to the mean of its 3 × 3 neighbourhood,
/// weighed 1 2 1 (an unsharp mask). At the edges the last row and column go on.
template <class Sample>
void sharpen(BasicPlane<Sample>& plane, int percent);

extern template void sharpen(Plane&, int);
extern template void sharpen(WidePlane&, int);

}  // namespace bulkhead::imaging
