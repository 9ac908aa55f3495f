#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "thumbjpeg/frame.h"

namespace thumbjpeg {

/// The kept coefficients of all blocks of a component, and which of the others there are: what a
/// progressive file adds to, scan by scan.
struct CoefficientPlane {
  CoefficientPlane(const Frame& frame, const Component& component, int side);

  /// What a plane takes, paddings apart.
  static std::size_t bytes_per_block(int side) {
    return static_cast<std::size_t>(side * side) * sizeof(std::int16_t) +
           (side > 1 ? sizeof(std::uint64_t) : 0);
  }

  int side;                 ///< The `side` × `side` lowest coefficients are kept.
  std::size_t blocks_wide;  ///< Those that fill up MCUs included.
  std::size_t blocks_high;  ///< Those that fill up MCUs included.
  std::size_t stride;       ///< From one line to the next.

  /// Of each row of blocks a line for each coefficient, as in a CoefficientRow.
  std::vector<std::int16_t> entries;

  /// Of each block, in rows: a bit for each coefficient but the mean that is not zero, in zigzag
  /// order. None at a side of 1, which needs none.
  std::vector<std::uint64_t> nonzero;

  Quantizer quantizer;

  /// The lines of a row of blocks.
  std::int16_t* lines(std::size_t y) { return entries.data() + y * line_count() * stride; }
  const std::int16_t* lines(std::size_t y) const {
    return entries.data() + y * line_count() * stride;
  }

 private:
  std::size_t line_count() const { return static_cast<std::size_t>(side * side); }
};

}  // namespace thumbjpeg
