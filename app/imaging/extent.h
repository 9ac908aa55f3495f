#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace bulkhead::imaging {

/// Width and height in pixels.
struct Extent {
  int width = 0;
  int height = 0;

  friend bool operator==(const Extent&, const Extent&) = default;
};

inline std::uint64_t area(Extent extent) {
  return static_cast<std::uint64_t>(extent.width) * static_cast<std::uint64_t>(extent.height);
}

/// Whether neither side of `one` is shorter than that of `other`.
inline bool covers(Extent one, Extent other) {
  return one.width >= other.width && one.height >= other.height;
}

/// Whether `small` is `large` made smaller, its sides rounded either way.
inline bool has_proportions_of(Extent small, Extent large) {
  const std::int64_t difference =
      std::int64_t{small.width} * large.height - std::int64_t{small.height} * large.width;
  return std::abs(difference) <= std::max(large.width, large.height);
}

}  // namespace bulkhead::imaging
