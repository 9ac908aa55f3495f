#include "imaging/area_resize.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace bulkhead::imaging {

namespace {

/// The samples of a row or column that one sample of the result covers, and how much of each.
struct Cover {
  int first = 0;
  std::vector<float> shares;  ///< Their sum is 1.
};

/// Of `count` samples that lie side by side from `start` over `length`.
std::vector<Cover> covers_of(double start, double length, int count) {
  const double step = length / count;
  std::vector<Cover> covers;
  for (int i = 0; i < count; ++i) {
    const double begin = start + i * step;
    const double end = begin + step;
    Cover cover{.first = static_cast<int>(std::floor(begin)), .shares = {}};
    for (int at = cover.first; at < end; ++at) {
      const double covered = std::min(end, at + 1.0) - std::max(begin, double(at));
      cover.shares.push_back(static_cast<float>(covered / step));
    }
    covers.push_back(std::move(cover));
  }
  return covers;
}

/// Adds a row of the source, made as short as `columns` says, to a row of the result.
template <class Sample>
void add_row(const Sample* row, int width, const std::vector<Cover>& columns, float share,
             std::vector<float>& sums) {
  for (std::size_t x = 0; x < columns.size(); ++x) {
    float sum = 0;
    int at = columns[x].first;
    for (const float part : columns[x].shares) {
      sum += part * static_cast<float>(row[std::clamp(at++, 0, width - 1)]);
    }
    sums[x] += share * sum;
  }
}

}  // namespace

template <class Sample>
BasicPlane<Sample> resize_by_area(const BasicPlane<Sample>& source, const Region& region,
                                  Extent extent) {
  const auto columns = covers_of(region.left, region.width, extent.width);
  const auto rows = covers_of(region.top, region.height, extent.height);
  BasicPlane<Sample> result(extent);
  for (int y = 0; y < extent.height; ++y) {
    const Cover& cover = rows[static_cast<std::size_t>(y)];
    std::vector<float> sums(columns.size());
    int at = cover.first;
    for (const float share : cover.shares) {
      const Sample* const row = source.row(std::clamp(at++, 0, source.height() - 1));
      add_row(row, source.width(), columns, share, sums);
    }
    std::ranges::transform(sums, result.row(y), [](float sum) {
      constexpr float kMost = std::numeric_limits<Sample>::max();
      return static_cast<Sample>(std::min(sum + 0.5F, kMost));
    });
  }
  return result;
}

template Plane resize_by_area(const Plane&, const Region&, Extent);
template WidePlane resize_by_area(const WidePlane&, const Region&, Extent);

}  // namespace bulkhead::imaging
