#include "logs/durations.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace bulkhead::logs {
namespace {

constexpr unsigned kBits = 7;
constexpr std::uint64_t kBuckets = std::uint64_t{1} << kBits;  // for each power of two

// Exact below 128; above, the leading 8 bits choose.
std::size_t bucket_of(std::uint64_t microseconds) {
  if (microseconds < kBuckets) {
    return microseconds;
  }
  const auto shift = static_cast<unsigned>(std::bit_width(microseconds)) - kBits - 1;
  return shift * kBuckets + (microseconds >> shift);
}

// The middle of a bucket.
std::int64_t value_of(std::size_t bucket) {
  if (bucket < 2 * kBuckets) {
    return static_cast<std::int64_t>(bucket);
  }
  const std::size_t shift = bucket / kBuckets - 1;
  const std::uint64_t low = (bucket - shift * kBuckets) << shift;
  return static_cast<std::int64_t>(low + (std::uint64_t{1} << shift) / 2);
}

}  // namespace

void Durations::add(std::int64_t microseconds) {
  const std::uint64_t time = static_cast<std::uint64_t>(std::max<std::int64_t>(microseconds, 0));
  const std::size_t bucket = bucket_of(time);
  if (bucket >= buckets_.size()) {
    buckets_.resize(bucket + 1);
  }
  ++buckets_[bucket];
  ++count_;
  add_to_sum(time);
  max_ = std::max(max_, microseconds);
}

void Durations::add(const Durations& other) {
  buckets_.resize(std::max(buckets_.size(), other.buckets_.size()));
  for (std::size_t bucket = 0; bucket < other.buckets_.size(); ++bucket) {
    buckets_[bucket] += other.buckets_[bucket];
  }
  count_ += other.count_;
  add_to_sum(other.sum_);
  sum_wraps_ += other.sum_wraps_;
  max_ = std::max(max_, other.max_);
}

double Durations::mean() const {
  const double sum = std::ldexp(static_cast<double>(sum_wraps_), 64) + static_cast<double>(sum_);
  return count_ == 0 ? 0 : sum / static_cast<double>(count_);
}

void Durations::add_to_sum(std::uint64_t microseconds) {
  sum_ += microseconds;
  sum_wraps_ += sum_ < microseconds ? 1 : 0;
}

std::int64_t Durations::quantile(double share) const {
  const auto rank = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t before = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    before += buckets_[bucket];
    if (before >= std::max<std::uint64_t>(rank, 1)) {
      return std::min(value_of(bucket), max_);
    }
  }
  return max_;
}

}  // namespace bulkhead::logs
