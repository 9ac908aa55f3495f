#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "scheduling/task_span.h"

namespace bulkhead::scheduling {

/// The median of run times, to within an eighth, however many there are.
class MedianRunTime {
 public:
  /// So many runs took this long, each or on average.
  void add(Duration run_time, std::uint32_t count);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// Only if count() > 0.
  [[nodiscard]] Duration value() const { return value_; }

 private:
  // Eight steps for each power of two.
  static constexpr unsigned kStepBits = 3;
  static constexpr std::size_t kSteps = std::size_t{64} << kStepBits;

  static std::size_t step_of(std::uint64_t ns);
  static std::uint64_t start_of(std::size_t step);
  [[nodiscard]] Duration found() const;

  std::array<std::uint64_t, kSteps> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t next_look_ = 1;  // at the counts, when there are so many: seldom, once many are in
  Duration value_{0};
};

/// The cohort of such tasks.
inline CohortId cohort_of(const TaskTraits& traits) {
  return traits.cohort != 0 ? traits.cohort : traits.function;
}

/// How long a run may take: no longer than the timeout of its task, nor than so many times what the
/// tasks of its cohort took that have ended.
class RunLimits {
 public:
  /// A relative limit holds once so many tasks have ended.
  static constexpr std::uint64_t kEnough = 3;
  /// It is never less: below this a busy machine decides, not the task.
  static constexpr Duration kLeast = std::chrono::milliseconds(100);

  /// Tasks are to come; those without a relative limit are not looked at.
  void on_submitted(const TaskTraits& traits);
  /// As many tasks of the cohort ended after `mean` each. Zero and less: not measured, ignored.
  void on_measured(CohortId cohort, Duration mean, std::uint32_t count);
  /// No task of the cohort will come any more.
  void forget(CohortId cohort) { medians_.erase(cohort); }

  /// 0: none.
  [[nodiscard]] Duration of(const TaskTraits& traits) const;

 private:
  std::unordered_map<CohortId, MedianRunTime> medians_;  // of those with relative limits
};

}  // namespace bulkhead::scheduling
