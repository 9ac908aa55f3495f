#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace bulkhead::records {

/// How often something came, and how many bytes went with it: kMostBytes stands for all from there
/// on, so that sums of made-up sizes cannot wrap, and come to the same in any order.
struct Weight {
  static constexpr std::uint64_t kMostBytes = std::numeric_limits<std::int64_t>::max();

  std::uint64_t hits = 0;
  std::uint64_t bytes = 0;  ///< kMostBytes at most

  Weight& operator+=(const Weight& other) {
    hits += other.hits;
    bytes = std::min(bytes + other.bytes, kMostBytes);
    return *this;
  }
  friend bool operator==(const Weight&, const Weight&) = default;
};

}  // namespace bulkhead::records
