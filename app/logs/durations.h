#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bulkhead::logs {

/// How long things took: a histogram with buckets that grow with the time (128 for each power of
/// two), so that a quantile is within 0.4 % of the exact one. Whole numbers only, so that parts add
/// up to the same in any order.
class Durations {
 public:
  void add(std::int64_t microseconds);
  void add(const Durations& other);

  std::uint64_t count() const { return count_; }
  /// Microseconds; 0 when there are none.
  std::int64_t max() const { return max_; }
  double mean() const;
  /// The smallest time that at least this share (0 to 1) of all took no longer than.
  std::int64_t quantile(double share) const;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(buckets_, count_, sum_, sum_wraps_, max_);
  }

 private:
  void add_to_sum(std::uint64_t microseconds);

  std::vector<std::uint64_t> buckets_;  // as many as are needed
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t sum_wraps_ = 0;  // 2^64 each
  std::int64_t max_ = 0;
};

}  // namespace bulkhead::logs
