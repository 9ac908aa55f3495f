#include "imaging/plane.h"

namespace bulkhead::imaging {

namespace {

constexpr std::uint8_t kMidGrey = 128;

}  // namespace

Plane::Plane(Extent extent, Extent capacity) : extent_(extent) {
  const std::size_t lines_per_row =
      (static_cast<std::size_t>(capacity.width) + kPlaneAlignment - 1) / kPlaneAlignment;
  stride_ = static_cast<std::ptrdiff_t>(lines_per_row * kPlaneAlignment);
  Line grey{};
  grey.samples.fill(kMidGrey);
  lines_.assign(lines_per_row * static_cast<std::size_t>(capacity.height), grey);
}

}  // namespace bulkhead::imaging
