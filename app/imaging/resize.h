#pragma once

#include <bulkhead/expected.h>

#include "imaging/extent.h"
#include "imaging/geometry.h"
#include "imaging/image_error.h"
#include "imaging/plane.h"

namespace bulkhead::imaging {

/// Resamples the region of the source to a plane of the extent: Lanczos with three lobes, widened
/// when shrinking, in the values as they are (gamma). Samples outside of the source are mirrored.
/// Keeps what it prepared for the geometries last used, for each thread: cameras repeat sizes.
/// Errors: OutOfMemory; Unsupported when zimg refuses the geometry.
template <class Sample>
Expected<BasicPlane<Sample>, ImageError> resize(const BasicPlane<Sample>& source,
                                                const Region& region, Extent extent);

extern template Expected<Plane, ImageError> resize(const Plane&, const Region&, Extent);
extern template Expected<WidePlane, ImageError> resize(const WidePlane&, const Region&, Extent);

}  // namespace bulkhead::imaging
