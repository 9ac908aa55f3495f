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

/// What one result sample takes from the samples of a line.
struct Taps {
  std::vector<int> samples;
  std::vector<double> weights;
};

/// The taps of each of `count` samples that show [start, start + length) of a line, of which the
/// outermost samples go on at its ends.
inline std::vector<Taps> lanczos_taps(int line_length, double start, double length, int count) {
  const double step = length / count;
  const double widening = std::max(1.0, step);
  std::vector<Taps> all(static_cast<std::size_t>(count));
  for (int index = 0; index < count; ++index) {
    Taps& taps = all[static_cast<std::size_t>(index)];
    const double centre = start + (index + 0.5) * step;
    double sum = 0;
    for (int i = static_cast<int>(std::floor(centre - 3 * widening));
         i <= static_cast<int>(std::ceil(centre + 3 * widening)); ++i) {
      taps.samples.push_back(std::clamp(i, 0, line_length - 1));
      taps.weights.push_back(lanczos3((i + 0.5 - centre) / widening));
      sum += taps.weights.back();
    }
    for (double& weight : taps.weights) {
      weight /= sum;
    }
  }
  return all;
}

/// The weighted sum of samples that lie `stride` apart. Pointers, as unoptimised tests run it too.
inline double weighted(const Taps& taps, const double* line, int stride) {
  const int* sample = taps.samples.data();
  const double* weight = taps.weights.data();
  const int* end = sample + taps.samples.size();
  double sum = 0;
  for (; sample != end; ++sample, ++weight) {
    sum += line[*sample * stride] * *weight;
  }
  return sum;
}

inline FloatPlane lanczos_reference(const FloatPlane& source, const Region& region, Extent result) {
  const auto columns = lanczos_taps(source.extent.width, region.left, region.width, result.width);
  const auto rows = lanczos_taps(source.extent.height, region.top, region.height, result.height);
  const double* samples = source.samples.data();
  const FloatPlane low = sampled({source.extent.width, result.height}, [&](int x, int y) {
    return weighted(rows[static_cast<std::size_t>(y)], samples + x, source.extent.width);
  });
  return sampled(result, [&](int x, int y) {
    const double* line = low.samples.data() + y * low.extent.width;
    return weighted(columns[static_cast<std::size_t>(x)], line, 1);
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
