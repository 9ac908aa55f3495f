#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "imaging/extent.h"

namespace bulkhead::imaging {

/// One channel of a picture: height × width, row-major, 8-bit. Each row begins at a multiple of
/// kPlaneAlignment bytes, as the resizer's vector instructions need it, and may be written up to
/// its stride. Samples that nobody wrote are mid-grey.
class Plane {
 public:
  Plane() = default;
  explicit Plane(Extent extent) : Plane(extent, extent) {}

  /// With room for `capacity` samples, at least `extent`, for decoders that write whole blocks.
  Plane(Extent extent, Extent capacity);

  Extent extent() const { return extent_; }
  int width() const { return extent_.width; }
  int height() const { return extent_.height; }
  std::ptrdiff_t stride() const { return stride_; }

  std::uint8_t* row(int y) { return lines_.data()->samples.data() + y * stride_; }
  const std::uint8_t* row(int y) const { return lines_.data()->samples.data() + y * stride_; }

 private:
  static constexpr std::size_t kPlaneAlignment = 64;

  /// The unit of allocation; std::vector keeps its alignment.
  struct alignas(kPlaneAlignment) Line {
    std::array<std::uint8_t, kPlaneAlignment> samples;
  };

  Extent extent_;
  std::ptrdiff_t stride_ = 0;
  std::vector<Line> lines_;
};

}  // namespace bulkhead::imaging
