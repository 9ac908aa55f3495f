#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>

namespace bulkhead::executors {

/// What this_task speaks to: the task that is running here, as its executor knows it. Called from
/// any thread.
class RunningTask {
 public:
  virtual bool is_stop_requested() noexcept = 0;
  virtual std::stop_token stop_token() = 0;
  virtual std::optional<std::chrono::nanoseconds> remaining() const noexcept = 0;
  virtual unsigned attempt() const noexcept = 0;
  virtual std::optional<std::uint64_t> index() const noexcept = 0;
  virtual void report_progress(double fraction) noexcept = 0;

  /// From now on this is the task of all threads of the process; nullptr: none.
  static void set_of_process(RunningTask* task) noexcept;

  /// While it lives, this is the task of the calling thread.
  class InThisThread {
   public:
    explicit InThisThread(RunningTask& task) noexcept;
    ~InThisThread();
    InThisThread(const InThisThread&) = delete;
    InThisThread& operator=(const InThisThread&) = delete;

   private:
    RunningTask* before_;
  };

 protected:
  RunningTask() = default;
  RunningTask(const RunningTask&) = default;
  RunningTask& operator=(const RunningTask&) = default;
  ~RunningTask() = default;
};

}  // namespace bulkhead::executors
