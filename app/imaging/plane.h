#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "imaging/extent.h"

namespace bulkhead::imaging {

/// One channel of a picture: height × width, row-major, of 8 or 16 bits (std::uint8_t,
/// std::uint16_t). Each row begins at a multiple of kPlaneAlignment bytes, as the resizer's vector
/// instructions need it, and may be written up to its stride. Samples that nobody wrote are
/// mid-grey.
template <class Sample>
class BasicPlane {
 public:
  BasicPlane() = default;
  explicit BasicPlane(Extent extent) : BasicPlane(extent, extent) {}

  /// With room for `capacity` samples, at least `extent`, for decoders that write whole blocks.
  BasicPlane(Extent extent, Extent capacity);

  /// How many samples a plane has room for, those that fill up its rows included.
  static std::uint64_t room_for(Extent extent);

  Extent extent() const { return extent_; }
  int width() const { return extent_.width; }
  int height() const { return extent_.height; }
  std::ptrdiff_t stride() const { return stride_; }  ///< in samples

  Sample* row(int y) { return lines_.data()->samples.data() + y * stride_; }
  const Sample* row(int y) const { return lines_.data()->samples.data() + y * stride_; }

 private:
  static constexpr std::size_t kPlaneAlignment = 64;
  static constexpr std::size_t kSamplesPerLine = kPlaneAlignment / sizeof(Sample);

  /// The unit of allocation; std::vector keeps its alignment.
  struct alignas(kPlaneAlignment) Line {
    std::array<Sample, kSamplesPerLine> samples;
  };

  Extent extent_;
  std::ptrdiff_t stride_ = 0;
  std::vector<Line> lines_;
};

using Plane = BasicPlane<std::uint8_t>;
using WidePlane = BasicPlane<std::uint16_t>;

extern template class BasicPlane<std::uint8_t>;
extern template class BasicPlane<std::uint16_t>;

}  // namespace bulkhead::imaging
