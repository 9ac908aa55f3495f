#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include <bulkhead/codec.h>
#include <bulkhead/error.h>
#include <bulkhead/future.h>

namespace bulkhead::detail {

/// Gets tasks done while somebody waits for them: what a future needs of its executor.
class Driver {
 public:
  virtual ~Driver() = default;

  /// Works, or sleeps while others work, until done() or the deadline; the last answer of done().
  /// done() is cheap, takes no lock, and turns true only by the completion of a task.
  virtual bool drive_until(const std::function<bool()>& done, Deadline deadline) = 0;

  /// Cancels the task if it was not started.
  virtual void cancel(std::uint64_t task) = 0;
};

/// The one result of a task, shared by its futures and its executor: pending, then done.
/// Thread-safe; complete() is called once.
class FutureState {
 public:
  FutureState(std::weak_ptr<Driver> driver, std::uint64_t task)
      : driver_(std::move(driver)), task_(task) {}

  void complete(Outcome<Bytes> result);

  bool is_done() const noexcept { return done_.load(std::memory_order_acquire); }
  bool is_cancelled() const noexcept;
  /// Only after is_done().
  const Outcome<Bytes>& result() const noexcept { return *result_; }

  bool wait_until(Deadline deadline);
  bool cancel();

 private:
  std::weak_ptr<Driver> driver_;  ///< gone only after the task is done
  const std::uint64_t task_;
  std::optional<Outcome<Bytes>> result_;  ///< written before done_, read after it
  std::atomic<bool> done_{false};
};

}  // namespace bulkhead::detail
