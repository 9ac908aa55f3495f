#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "os/own_process.h"

namespace bulkhead::executors {

/// Keeps an eye on the memory of this worker process: says when it has grown too large, and lets no
/// task take more than it may. Both count from what the process had when the watch was started.
class MemoryWatch {
 public:
  using Clock = std::chrono::steady_clock;

  /// Bytes; 0: no limit. A hard limit without a soft one has half of it as the soft one, so that
  /// what one task has leaked does not take the room of the next.
  void start(std::uint64_t soft, std::uint64_t hard);

  /// The process holds more than the soft limit, or a task ran into the hard one. Looks at most
  /// every 10 ms: a look costs a few microseconds.
  bool is_exceeded(Clock::time_point now) {
    return (soft_ != 0 && now >= next_look_ && look(now)) || was_limit_hit();
  }

  /// From now on no task can move the hard limit.
  void seal();

  /// A task has asked for more than the hard limit.
  bool was_limit_hit() const noexcept;

 private:
  bool look(Clock::time_point now);

  std::uint64_t soft_ = 0;  ///< of the resident memory, in all; 0: none
  std::optional<os::MemoryGauge> gauge_;
  Clock::time_point next_look_;
};

}  // namespace bulkhead::executors
