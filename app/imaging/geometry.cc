#include "imaging/geometry.h"

#include <algorithm>
#include <cstdint>

#include "imaging/picture.h"

namespace bulkhead::imaging {

namespace {

constexpr int kEighths = 8;
constexpr int kLeftForResizer = 2;

/// round(side * numerator / denominator), at least 1. Integers, so that halves are always rounded
/// up, on every machine.
int scaled_side(int side, int numerator, int denominator) {
  const std::int64_t product = std::int64_t{side} * numerator;
  return static_cast<int>(
      std::max<std::int64_t>(1, (2 * product + denominator) / (2 * std::int64_t{denominator})));
}

/// True when `eighths` of the side still are twice the wanted pixels.
bool leaves_twice(int side, int eighths, int wanted) {
  return std::int64_t{side} * eighths >= std::int64_t{wanted} * kEighths * kLeftForResizer;
}

struct Interval {
  double start;
  double length;
};

Interval chroma_interval(double length, int luma_side, bool is_flipped) {
  const int covered_side = luma_side + luma_side % 2;
  const double covered = length * covered_side / luma_side;
  return {is_flipped ? length - covered : 0, covered};
}

}  // namespace

Extent fit_inside(Extent source, Extent box) {
  const Extent limit{std::max(1, box.width), std::max(1, box.height)};
  if (source.width <= limit.width && source.height <= limit.height) {
    return source;
  }
  const bool width_binds =
      std::int64_t{limit.width} * source.height <= std::int64_t{limit.height} * source.width;
  if (width_binds) {
    return {limit.width, scaled_side(source.height, limit.width, source.width)};
  }
  return {scaled_side(source.width, limit.height, source.height), limit.height};
}

int choose_dct_scale(Extent source, Extent box) {
  const Extent limit{std::max(1, box.width), std::max(1, box.height)};
  for (const int eighths : {1, 2, 4}) {
    // The binding side decides: the other one has the same factor, rounding apart.
    const bool is_enough = leaves_twice(source.width, eighths, limit.width) ||
                           leaves_twice(source.height, eighths, limit.height);
    const int shortest = std::min(source.width, source.height);
    if (is_enough && leaves_twice(shortest, eighths, 1)) {
      return eighths;
    }
  }
  return kEighths;
}

Region chroma_region(double width, double height, Extent luma, Turn turn) {
  const Interval x = chroma_interval(width, luma.width, turn.flip_x);
  const Interval y = chroma_interval(height, luma.height, turn.flip_y);
  return {x.start, y.start, x.length, y.length};
}

}  // namespace bulkhead::imaging
