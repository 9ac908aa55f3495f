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
Expected<Plane, ImageError> resize(const Plane& source, const Region& region, Extent extent);

}  // namespace bulkhead::imaging
