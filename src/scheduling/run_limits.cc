#include "scheduling/run_limits.h"

#include <algorithm>
#include <bit>

namespace bulkhead::scheduling {

void MedianRunTime::add(Duration run_time, std::uint32_t count) {
  const auto ns = static_cast<std::uint64_t>(std::max<Duration::rep>(run_time.count(), 1));
  counts_[step_of(ns)] += count;
  count_ += count;
  if (count_ >= next_look_) {
    value_ = found();
    next_look_ = count_ + 1 + count_ / 16;
  }
}

std::size_t MedianRunTime::step_of(std::uint64_t ns) {
  const unsigned power = static_cast<unsigned>(std::bit_width(ns)) - 1;
  if (power < kStepBits) {
    return static_cast<std::size_t>(ns);
  }
  const std::uint64_t below = (ns >> (power - kStepBits)) & ((1U << kStepBits) - 1);
  return (std::size_t{power} << kStepBits) + static_cast<std::size_t>(below);
}

std::uint64_t MedianRunTime::start_of(std::size_t step) {
  const unsigned power = static_cast<unsigned>(step >> kStepBits);
  if (power < kStepBits) {
    return step;
  }
  const std::uint64_t steps = (1U << kStepBits) + (step & ((1U << kStepBits) - 1));
  return steps << (power - kStepBits);
}

Duration MedianRunTime::found() const {
  std::uint64_t before = 0;
  std::size_t step = 0;
  while (before + counts_[step] <= (count_ - 1) / 2) {
    before += counts_[step++];
  }
  return Duration(static_cast<Duration::rep>(start_of(step)));
}

void RunLimits::on_submitted(const TaskTraits& traits) {
  if (traits.relative_timeout > 0) {
    medians_.try_emplace(cohort_of(traits));
  }
}

void RunLimits::on_measured(CohortId cohort, Duration mean, std::uint32_t count) {
  if (medians_.empty() || mean <= Duration::zero()) {
    return;
  }
  if (const auto it = medians_.find(cohort); it != medians_.end()) {
    it->second.add(mean, count);
  }
}

Duration RunLimits::of(const TaskTraits& traits) const {
  if (traits.relative_timeout <= 0) {
    return traits.timeout;
  }
  const auto it = medians_.find(cohort_of(traits));
  if (it == medians_.end() || it->second.count() < kEnough) {
    return traits.timeout;
  }
  // A day is as good as forever, and still fits a Duration.
  constexpr double kLongestNs = 24.0 * 3600 * 1e9;
  const double ns = static_cast<double>(it->second.value().count()) * traits.relative_timeout;
  const auto relative =
      std::max(kLeast, Duration(static_cast<Duration::rep>(std::min(ns, kLongestNs))));
  return traits.timeout > Duration::zero() ? std::min(traits.timeout, relative) : relative;
}

}  // namespace bulkhead::scheduling
