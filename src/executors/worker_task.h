#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include "executors/running_task.h"
#include "executors/stop_listener.h"
#include "transport/worker_end.h"

namespace bulkhead::executors {

/// The call that a worker process is running. The worker's main thread says which; any of its
/// threads may ask.
class WorkerTask final : public RunningTask {
 public:
  explicit WorkerTask(transport::WorkerEnd& channel) : channel_(channel), stops_(channel, *this) {}

  /// Main thread only, as all up to was_stopped().
  void begin(std::uint64_t sequence, bool timed) noexcept;
  void end() noexcept;
  void set_limit(std::chrono::nanoseconds limit) noexcept { limit_ = limit; }
  /// The call saw that it is asked to stop.
  bool was_stopped() const noexcept {
    return stopped_.load(std::memory_order_relaxed) == number_.load(std::memory_order_relaxed);
  }

  bool is_stop_requested() noexcept override;
  std::stop_token stop_token() override;
  std::optional<std::chrono::nanoseconds> remaining() const noexcept override;
  unsigned attempt() const noexcept override;
  std::optional<std::uint64_t> index() const noexcept override;
  void report_progress(double fraction) noexcept override;

 private:
  transport::WorkerEnd& channel_;
  // Calls are known by 1 + their sequence number; 0: none. No order is needed: a thread that asks
  // on behalf of a task was started by it, or learned of it from one that was.
  std::atomic<std::uint64_t> number_{0};
  std::atomic<std::uint64_t> timed_{0};      ///< the last one with a limit
  std::atomic<std::uint64_t> stopped_{~0U};  ///< the last one that saw its stop
  std::chrono::nanoseconds limit_{0};        ///< changed only between calls
  StopListener stops_;
};

}  // namespace bulkhead::executors
