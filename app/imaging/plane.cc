#include "imaging/plane.h"

#include <limits>

namespace bulkhead::imaging {

template <class Sample>
std::uint64_t BasicPlane<Sample>::room_for(Extent extent) {
  const auto width = static_cast<std::uint64_t>(extent.width);
  const std::uint64_t stride = (width + kSamplesPerLine - 1) / kSamplesPerLine * kSamplesPerLine;
  return stride * static_cast<std::uint64_t>(extent.height);
}

template <class Sample>
BasicPlane<Sample>::BasicPlane(Extent extent, Extent capacity) : extent_(extent) {
  constexpr Sample kMidGrey = std::numeric_limits<Sample>::max() / 2 + 1;
  const std::size_t lines_per_row =
      (static_cast<std::size_t>(capacity.width) + kSamplesPerLine - 1) / kSamplesPerLine;
  stride_ = static_cast<std::ptrdiff_t>(lines_per_row * kSamplesPerLine);
  Line grey{};
  grey.samples.fill(kMidGrey);
  lines_.assign(lines_per_row * static_cast<std::size_t>(capacity.height), grey);
}

template class BasicPlane<std::uint8_t>;
template class BasicPlane<std::uint16_t>;

}  // namespace bulkhead::imaging
