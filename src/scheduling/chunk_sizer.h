#pragma once

#include <cstdint>
#include <unordered_map>

#include "scheduling/task_span.h"

namespace bulkhead::scheduling {

/// How many tasks of a function travel together: enough to make the cost of a journey small beside
/// the work, few enough that every worker gets its share. It learns from what tasks took before.
class ChunkSizer {
 public:
  /// Between the tens of microseconds that waking a sleeper costs and what a user would notice; a
  /// chunk under way and one that waits outlast the millisecond for which a program may sleep.
  static constexpr Duration kTargetRunTime = std::chrono::milliseconds(2);
  static constexpr std::uint32_t kLargestChunk = 4096;

  explicit ChunkSizer(unsigned workers);

  void set_workers(unsigned workers);

  /// Some tasks of the function took this long on average. Zero and less: not measured, ignored.
  void on_measured(FunctionId function, Duration mean_run_time);

  /// No task of the function will come any more.
  void forget(FunctionId function) { estimates_.erase(function); }

  /// Tasks of the next chunk when `remaining` of them wait: at least 1, at most kLargestChunk, and
  /// at most half of what each worker would get if they were dealt out evenly, so that the last
  /// chunks are small and all workers stop at about the same time.
  [[nodiscard]] std::uint32_t chunk_size(FunctionId function, std::uint32_t remaining) const;

  /// The same when tasks without end wait; 1 while nothing is known.
  [[nodiscard]] std::uint32_t full_chunk_size(FunctionId function) const;

  /// What one task is expected to take; a long time (kUnmeasured) while nothing is known, because
  /// it is better to move a short task in vain than to let a long one wait.
  [[nodiscard]] Duration expected_run_time(FunctionId function) const;
  static constexpr Duration kUnmeasured = std::chrono::milliseconds(1);

 private:
  struct Estimate {
    double mean_ns = 0;
    double size = 1;
  };

  std::uint32_t workers_;
  std::unordered_map<FunctionId, Estimate> estimates_;
};

}  // namespace bulkhead::scheduling
