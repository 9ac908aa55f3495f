#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numbers>
#include <vector>

#include "imaging/extent.h"
#include "imaging/geometry.h"

namespace bulkhead::imaging {

/// One channel in floating point, for tests: the plain and slow form of what resize() does.
struct FloatPlane {
  Extent extent;
  std::vector<double> samples;

  double& at(int x, int y) {
    return samples[static_cast<std::size_t>(y) * static_cast<std::size_t>(extent.width) +
                   static_cast<std::size_t>(x)];
  }
  double at(int x, int y) const { return const_cast<FloatPlane*>(this)->at(x, y); }
};

inline FloatPlane sampled(Extent extent, const std::function<double(int, int)>& sample) {
  FloatPlane plane{extent, {}};
  for (int y = 0; y < extent.height; ++y) {
    for (int x = 0; x < extent.width; ++x) {
      plane.samples.push_back(sample(x, y));
    }
  }
  return plane;
}

inline double lanczos3(double distance) {
  if (distance == 0) {
    return 1;
  }
  if (std::abs(distance) >= 3) {
    return 0;
  }
  const double x = std::numbers::pi * distance;
  return 3 * std::sin(x) * std::sin(x / 3) / (x * x);
}

/// Sample `index` of `count` samples that show [start, start + length) of a line, which is mirrored
/// at its ends.
inline double lanczos_sample(const std::function<double(int)>& line, int line_length, double start,
                             double length, int index, int count) {
  const double step = length / count;
  const double widening = std::max(1.0, step);
  const double centre = start + (index + 0.5) * step;
  double sum = 0;
  double weights = 0;
  for (int i = static_cast<int>(std::floor(centre - 3 * widening));
       i <= static_cast<int>(std::ceil(centre + 3 * widening)); ++i) {
    const double weight = lanczos3((i + 0.5 - centre) / widening);
    const int period = 2 * line_length;
    const int wrapped = (i % period + period) % period;
    sum += weight * line(std::min(wrapped, period - 1 - wrapped));
    weights += weight;
  }
  return sum / weights;
}

inline FloatPlane lanczos_reference(const FloatPlane& source, const Region& region, Extent result) {
  const FloatPlane narrow = sampled({result.width, source.extent.height}, [&](int x, int y) {
    return lanczos_sample([&](int i) { return source.at(i, y); }, source.extent.width, region.left,
                          region.width, x, result.width);
  });
  return sampled(result, [&](int x, int y) {
    return lanczos_sample([&](int i) { return narrow.at(x, i); }, source.extent.height, region.top,
                          region.height, y, result.height);
  });
}

/// Peak signal to noise ratio in decibels, against values of 0 to 255, clamped as pixels are.
inline double psnr(const FloatPlane& expected, const std::function<double(int, int)>& actual) {
  double squares = 0;
  for (int y = 0; y < expected.extent.height; ++y) {
    for (int x = 0; x < expected.extent.width; ++x) {
      const double error = std::clamp(expected.at(x, y), 0.0, 255.0) - actual(x, y);
      squares += error * error;
    }
  }
  const double mean = squares / static_cast<double>(expected.samples.size());
  return mean == 0 ? 99 : 10 * std::log10(255 * 255 / mean);
}

}  // namespace bulkhead::imaging
