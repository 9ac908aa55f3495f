#include "thumbjpeg/coefficient_plane.h"

#include "thumbjpeg/coefficient_row.h"

namespace thumbjpeg {

namespace {

std::size_t padded(std::size_t blocks) {
  constexpr std::size_t kPadding = CoefficientRow::kLinePadding;
  return (blocks + kPadding - 1) / kPadding * kPadding;
}

}  // namespace

CoefficientPlane::CoefficientPlane(const Frame& frame, const Component& component, int kept_side)
    : side(kept_side),
      blocks_wide(static_cast<std::size_t>(frame.mcus_wide * component.horizontal)),
      blocks_high(static_cast<std::size_t>(frame.mcus_high * component.vertical)),
      stride(padded(blocks_wide)),
      entries(line_count() * stride * blocks_high),
      nonzero(side > 1 ? blocks_wide * blocks_high : 0) {}

}  // namespace thumbjpeg
