#include "imaging/geometry.h"

#include <algorithm>
#include <cstdint>

#include "imaging/picture.h"

namespace bulkhead::imaging {

namespace {

constexpr int kEighths = 8;
constexpr int kLeastOnShortest = 2;

/// True when `eighths` of the side still are the wanted pixels; these come in twentieths.
bool leaves(int side, int eighths, std::int64_t wanted_twentieths) {
  return 20 * std::int64_t{side} * eighths >= wanted_twentieths * kEighths;
}

struct Interval {
  double start;
  double length;
};

Interval chroma_interval(double start, double length, int luma_side, bool is_flipped) {
  const int covered_side = luma_side + luma_side % 2;
  const double covered = length * covered_side / luma_side;
  return {start + (is_flipped ? length - covered : 0), covered};
}

}  // namespace

int choose_dct_scale(Extent source, Extent wanted, int left_tenths) {
  const std::int64_t width_halves = 2 * std::int64_t{std::max(1, wanted.width)};
  const std::int64_t height_halves = 2 * std::int64_t{std::max(1, wanted.height)};
  for (const int eighths : {1, 2, 3, 4}) {
    // One side has all that is asked for; the other one, which was rounded to a whole pixel, may
    // lack what that has given it.
    const bool is_enough = leaves(source.width, eighths, (width_halves - 1) * left_tenths) &&
                           leaves(source.height, eighths, (height_halves - 1) * left_tenths) &&
                           (leaves(source.width, eighths, width_halves * left_tenths) ||
                            leaves(source.height, eighths, height_halves * left_tenths));
    const int shortest = std::min(source.width, source.height);
    if (is_enough && leaves(shortest, eighths, 20 * kLeastOnShortest)) {
      return eighths;
    }
  }
  return kEighths;
}

Region chroma_region(const Region& shown, Extent luma, Turn turn) {
  const Interval x = chroma_interval(shown.left, shown.width, luma.width, turn.flip_x);
  const Interval y = chroma_interval(shown.top, shown.height, luma.height, turn.flip_y);
  return {x.start, y.start, x.length, y.length};
}

}  // namespace bulkhead::imaging
