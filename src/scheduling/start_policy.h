#pragma once

#include "scheduling/task_span.h"

namespace bulkhead::scheduling {

/// When another worker may be started after workers that came to nothing, and when to give up.
///
/// A worker came to nothing if it left before it was ready, or without one task that ended on it.
/// Each start belongs to a round, and a round can fail only once: eight workers that are started
/// together and fail for one reason are one failure.
class StartPolicy {
 public:
  using Round = unsigned;

  static constexpr unsigned kMostFailures = 5;
  static constexpr Duration kFirstPause = std::chrono::milliseconds(10);
  static constexpr Duration kLongestPause = std::chrono::seconds(1);

  /// The round of a worker that is started now.
  [[nodiscard]] Round round() const { return round_; }

  /// A worker of this round came to nothing.
  void on_failed(Round round, Time now);

  /// A task ended on a worker of this round, well or not.
  void on_progress(Round round);

  /// No start before this; long ago if nothing stands in the way.
  [[nodiscard]] Time not_before() const { return not_before_; }

  /// So many failures in a row that there is no hope if no other worker is left.
  [[nodiscard]] bool has_lost_hope() const { return failures_ >= kMostFailures; }

 private:
  Round round_ = 0;
  unsigned failures_ = 0;  // in a row, without a task that ended anywhere
  Duration pause_ = kFirstPause;
  Time not_before_ = Time::min();
};

}  // namespace bulkhead::scheduling
