#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

#include "executors/running_task.h"
#include "transport/worker_end.h"

namespace bulkhead::executors {

/// The std::stop_token of the call that a worker is running. Its thread, which is there from the
/// first token to the end of the process, sleeps until the program asks a call to stop.
class StopListener {
 public:
  StopListener(const transport::WorkerEnd& channel, RunningTask& task);
  ~StopListener();
  StopListener(const StopListener&) = delete;
  StopListener& operator=(const StopListener&) = delete;

  /// In any thread. Throws std::system_error if the thread cannot be started.
  std::stop_token token();
  /// The call is over. In the worker's main thread.
  void forget() noexcept;

 private:
  /// What the thread has to know; it may outlive the listener by a moment.
  struct Shared {
    std::mutex mutex;
    RunningTask* task;                       // guarded by mutex; null: the listener is gone
    std::optional<std::stop_source> source;  // guarded by mutex; of the call under way
    bool is_started = false;                 // guarded by mutex
  };

  void start_thread();
  static void listen(const std::shared_ptr<Shared>& shared, const transport::WorkerEnd& channel);
  static void tell(Shared& shared);

  const transport::WorkerEnd& channel_;
  RunningTask& task_;
  const std::shared_ptr<Shared> shared_;
  std::atomic<bool> has_source_{false};  ///< so that calls without a token take no lock
};

}  // namespace bulkhead::executors
