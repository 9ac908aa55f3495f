#pragma once

#include "imaging/extent.h"
#include "imaging/geometry.h"
#include "imaging/plane.h"

namespace bulkhead::imaging {

/// Resamples the region of the source to a plane of the extent: every sample is the mean of what it
/// covers, parts of samples included. Outside of the source its edge goes on.
template <class Sample>
BasicPlane<Sample> resize_by_area(const BasicPlane<Sample>& source, const Region& region,
                                  Extent extent);

extern template Plane resize_by_area(const Plane&, const Region&, Extent);
extern template WidePlane resize_by_area(const WidePlane&, const Region&, Extent);

}  // namespace bulkhead::imaging
