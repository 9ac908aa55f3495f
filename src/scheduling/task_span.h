#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace bulkhead::scheduling {

using TaskId = std::uint64_t;      ///< one task; ids are handed out in the order of submission
using WorkerId = std::uint64_t;    ///< one worker process; a successor gets a new one; 0 is nobody
using FunctionId = std::uint64_t;  ///< what a task calls; only tasks of one function share a chunk
using CohortId = std::uint64_t;    ///< tasks whose run times are compared
using Sequence = std::uint64_t;    ///< place of a task in the stream of one worker: 0, 1, 2, ...
using Duration = std::chrono::nanoseconds;
using Time = std::chrono::steady_clock::time_point;  ///< an argument: nobody here reads a clock

/// `time + duration`, or the end of time.
inline Time saturating_add(Time time, Duration duration) {
  return duration > Time::max() - time ? Time::max() : time + duration;
}

/// What the scheduler must know of a task to place it.
struct TaskTraits {
  FunctionId function = 0;
  Duration timeout{0};            ///< limit of one run, counted from its start; 0: none
  unsigned retries = 0;           ///< how often a task that crashed its worker is run again
  Duration grace{0};              ///< how long a run that was asked to stop may go on
  Duration retry_delay{0};        ///< before the first retry; each further one waits twice as long
  bool retries_failures = false;  ///< runs that threw or timed out are retried as well
  int priority = 0;               ///< of waiting tasks those with the highest go first
  std::uint32_t chunk_size = 0;   ///< so many travel together; 0: found by measurement
  double relative_timeout = 0;    ///< limit of one run, in medians of its cohort; 0: none
  /// Whose median that is: the tasks of one map; 0: those of the function. No number of a function.
  CohortId cohort = 0;

  friend bool operator==(const TaskTraits&, const TaskTraits&) = default;
};

/// Tasks `first`, `first + 1`, ..., `first + count - 1`, all with the same traits.
struct TaskSpan {
  TaskId first = 0;
  std::uint32_t count = 0;
  TaskTraits traits;

  friend bool operator==(const TaskSpan&, const TaskSpan&) = default;
};

/// Tasks [first, end), whatever has become of each.
struct TaskRange {
  TaskId first = 0;
  TaskId end = 0;

  [[nodiscard]] bool holds(TaskId task) const { return first <= task && task < end; }
};

/// The tasks of the span that are in the range; maybe none.
inline TaskSpan overlap(const TaskSpan& span, const TaskRange& range) {
  const TaskId first = std::max(span.first, range.first);
  const TaskId end = std::min(span.first + span.count, range.end);
  return {first, first < end ? static_cast<std::uint32_t>(end - first) : 0, span.traits};
}

}  // namespace bulkhead::scheduling
