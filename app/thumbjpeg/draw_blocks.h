#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "thumbjpeg/frame.h"

namespace thumbjpeg {

/// Turns the `side` × `side` lowest coefficients of blocks into samples: the inverse DCT of that
/// size. For a side of 1 it gives what libjpeg's 1/8 gives; libjpeg's 2/8 and 4/8 use other
/// coefficients, too.
class BlockPainter {
 public:
  /// A `side` of 1 to 4.
  BlockPainter(const Quantizer& quantizer, int side);

  /// Draws a row of blocks: `side` rows of `blocks` × `side` samples. `lines` are those of a
  /// CoefficientRow: one for each coefficient, `line_stride` entries apart, each readable up to a
  /// multiple of CoefficientRow::kLinePadding.
  void draw(const std::int16_t* lines, std::size_t line_stride, std::size_t blocks,
            std::uint8_t* samples, std::ptrdiff_t sample_stride) const;

 private:
  int side_;
  std::array<float, 16> factors_{};  ///< Of the coefficients, in natural order.
};

}  // namespace thumbjpeg
