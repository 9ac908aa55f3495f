#include "imaging/sharpen.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace bulkhead::imaging {

namespace {

constexpr std::int64_t kWeightOfRow = 4;  // 1 + 2 + 1
constexpr std::int64_t kWeight = kWeightOfRow * kWeightOfRow;

/// Each sample of a row with its two neighbours, weighed 1 2 1.
template <class Sample>
std::vector<std::int64_t> sums_of_row(const Sample* row, int width) {
  std::vector<std::int64_t> sums(static_cast<std::size_t>(width));
  for (int x = 0; x < width; ++x) {
    const std::int64_t left = row[std::max(x - 1, 0)];
    const std::int64_t right = row[std::min(x + 1, width - 1)];
    sums[static_cast<std::size_t>(x)] = left + 2 * std::int64_t{row[x]} + right;
  }
  return sums;
}

/// The sample, with so many percent of its difference to the weighed sum of nine.
template <class Sample>
Sample sharpened(Sample sample, std::int64_t sum, int percent) {
  constexpr std::int64_t kMost = std::numeric_limits<Sample>::max();
  constexpr std::int64_t kScale = kWeight * 100;
  const std::int64_t value = kScale * sample + percent * (kWeight * sample - sum);
  return static_cast<Sample>(std::clamp((value + kScale / 2) / kScale, std::int64_t{0}, kMost));
}

}  // namespace

template <class Sample>
void sharpen(BasicPlane<Sample>& plane, int percent) {
  const int width = plane.width();
  auto above = sums_of_row(plane.row(0), width);
  auto here = above;
  for (int y = 0; y < plane.height(); ++y) {
    // Its own row is changed only when no sum needs it any more.
    auto below = sums_of_row(plane.row(std::min(y + 1, plane.height() - 1)), width);
    for (int x = 0; x < width; ++x) {
      const auto i = static_cast<std::size_t>(x);
      Sample& sample = plane.row(y)[x];
      sample = sharpened(sample, above[i] + 2 * here[i] + below[i], percent);
    }
    above = std::move(here);
    here = std::move(below);
  }
}

template void sharpen(Plane&, int);
template void sharpen(WidePlane&, int);

}  // namespace bulkhead::imaging
