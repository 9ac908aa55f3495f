#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

#include "futures/future_state.h"

namespace bulkhead::detail {

/// Says that the calling thread is a driver's own, which drives it when nobody waits: if a
/// continuation waits here for anything, it has to go on driving.
class DrivesWhileItLives {
 public:
  explicit DrivesWhileItLives(Driver& driver);
  ~DrivesWhileItLives();
  DrivesWhileItLives(const DrivesWhileItLives&) = delete;
  DrivesWhileItLives& operator=(const DrivesWhileItLives&) = delete;
};

/// The driver whose own thread this is; null: none.
Driver* driver_of_this_thread() noexcept;

/// Lets one thread sleep until a condition holds that other threads make true: not the end of one
/// task, which its driver knows of, but several futures, of several pools or of none. While it
/// sleeps it drives one executor; the others are driven by their own threads.
class Sleeper {
 public:
  /// `executor`: to be driven; may be null.
  explicit Sleeper(std::shared_ptr<Driver> executor);

  /// Sleeps until done() or the deadline; the last answer of done(). It may become true by any
  /// future that ends, but then wake() must be called.
  bool sleep_until(const std::function<bool()>& done, Deadline deadline);

  /// From any thread, under any lock; as long as the Sleeper lives.
  void wake() noexcept;

 private:
  void sleep(const std::function<bool()>& done, Deadline deadline);

  const std::shared_ptr<Driver> executor_;
  std::mutex mutex_;
  std::condition_variable woken_;  ///< without an executor; wake() is called under mutex_
};

}  // namespace bulkhead::detail
