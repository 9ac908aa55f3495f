#include "thumbjpeg/coefficient_row.h"

#include <algorithm>

namespace thumbjpeg {

CoefficientRow::CoefficientRow(const ScanPlan& plan, int side)
    : side_(side), lines_per_row_(static_cast<std::size_t>(side * side) + 1) {
  std::size_t block_rows = 0;
  for (const PlannedComponent& component : plan.components) {
    first_row_.push_back(block_rows);
    block_rows += static_cast<std::size_t>(component.vertical);
    const auto blocks = static_cast<std::size_t>(plan.mcus_wide * component.horizontal);
    stride_ = std::max(stride_, (blocks + kLinePadding - 1) / kLinePadding * kLinePadding);
  }
  spare_line_ = block_rows * lines_per_row_;
  entries_.resize((spare_line_ + lines_per_row_) * stride_);
}

void CoefficientRow::clear() {
  std::fill_n(entries_.begin(), spare_line_ * stride_, std::int16_t{0});
}

}  // namespace thumbjpeg
