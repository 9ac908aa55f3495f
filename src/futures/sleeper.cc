#include "futures/sleeper.h"

#include <utility>

#include "futures/continuations.h"

namespace bulkhead::detail {

namespace {
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): a fact about the thread
thread_local Driver* own_driver = nullptr;

std::shared_ptr<Driver> to_be_driven(std::shared_ptr<Driver> executor) {
  Driver* const own = driver_of_this_thread();
  return own != nullptr ? own->executor() : std::move(executor);
}
}  // namespace

DrivesWhileItLives::DrivesWhileItLives(Driver& driver) {
  own_driver = &driver;
}
DrivesWhileItLives::~DrivesWhileItLives() {
  own_driver = nullptr;
}
Driver* driver_of_this_thread() noexcept {
  return own_driver;
}

Sleeper::Sleeper(std::shared_ptr<Driver> executor) : executor_(to_be_driven(std::move(executor))) {}

bool Sleeper::sleep_until(const std::function<bool()>& done, Deadline deadline) {
  for (;;) {
    run_continuations();  // What it waits for may be for this thread to do.
    if (done()) {
      return true;
    }
    if (deadline && std::chrono::steady_clock::now() >= *deadline) {
      return false;
    }
    sleep([&done] { return has_continuations_to_run() || done(); }, deadline);
  }
}

void Sleeper::sleep(const std::function<bool()>& done, Deadline deadline) {
  if (executor_) {
    executor_->drive_until(done, deadline);
    return;
  }
  std::unique_lock lock(mutex_);
  if (deadline) {
    woken_.wait_until(lock, *deadline, done);
  } else {
    woken_.wait(lock, done);
  }
}

void Sleeper::wake() noexcept {
  if (executor_) {
    executor_->nudge();
    return;
  }
  const std::lock_guard lock(mutex_);
  woken_.notify_one();
}

}  // namespace bulkhead::detail
