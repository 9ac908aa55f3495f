#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "thumbjpeg/scan_plan.h"

namespace thumbjpeg {

/// The kept coefficients of one row of MCUs: of each block the `side` × `side` lowest ones, which
/// are those of the block's picture at side/8 of its size. One line for each component, row of
/// blocks and coefficient, in the natural order (row-major, the first is the mean); an entry for
/// each block.
class CoefficientRow {
 public:
  /// Lines are a multiple of this long, so that they can be read in vectors.
  static constexpr std::size_t kLinePadding = 32;

  CoefficientRow(const ScanPlan& plan, int side);

  int side() const { return side_; }

  /// Entries from one line to the next.
  std::size_t stride() const { return stride_; }

  /// Sets all lines but the spare ones to zero.
  void clear();

  /// As many lines as a row of blocks has, for blocks that nobody wants.
  std::int16_t* spare() { return entries_.data() + spare_line_ * stride_; }

  /// The lines of all coefficients of a row of blocks, and one more for what is not kept.
  std::int16_t* lines(std::size_t component, int block_row) {
    return entries_.data() + line_of(component, block_row) * stride_;
  }
  const std::int16_t* lines(std::size_t component, int block_row) const {
    return entries_.data() + line_of(component, block_row) * stride_;
  }

 private:
  std::size_t line_of(std::size_t component, int block_row) const {
    return (first_row_[component] + static_cast<std::size_t>(block_row)) * lines_per_row_;
  }

  int side_;
  std::size_t lines_per_row_;
  std::size_t stride_ = 0;
  std::size_t spare_line_ = 0;
  std::vector<std::size_t> first_row_;  // Of blocks, for each component.
  std::vector<std::int16_t> entries_;
};

}  // namespace thumbjpeg
