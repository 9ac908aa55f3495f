#pragma once

#include <cstdint>

#include <bulkhead/expected.h>

#include "imaging/extent.h"
#include "imaging/geometry.h"
#include "imaging/image_error.h"
#include "imaging/plane.h"

namespace bulkhead::imaging {

/// How samples are weighed that come together in one. Lanczos3 keeps most detail; Bicubic (that of
/// Catmull and Rom) is a little softer, Bilinear (a triangle) much softer; Area is the plain mean.
enum class Filter : std::uint8_t { Lanczos3, Bicubic, Area, Bilinear };

/// Whether both axes are resampled at once, or x first and then y, with samples of the same kind
/// between, rounded and cut off at the ends of their range: to the pixel what Pillow does.
enum class Axes : std::uint8_t { AtOnce, OneByOne };

/// Resamples the region of the source to a plane of the extent, in the values as they are (gamma);
/// the filter is widened when shrinking. Outside of the source its outermost samples go on.
/// Keeps what it prepared for the geometries last used, for each thread: cameras repeat sizes.
/// Errors: OutOfMemory; Unsupported when zimg refuses the geometry.
template <class Sample>
Expected<BasicPlane<Sample>, ImageError> resize(const BasicPlane<Sample>& source,
                                                const Region& region, Extent extent,
                                                Filter filter = Filter::Lanczos3,
                                                Axes axes = Axes::AtOnce);

extern template Expected<Plane, ImageError> resize(const Plane&, const Region&, Extent, Filter,
                                                   Axes);
extern template Expected<WidePlane, ImageError> resize(const WidePlane&, const Region&, Extent,
                                                       Filter, Axes);

}  // namespace bulkhead::imaging
