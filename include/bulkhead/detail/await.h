#pragma once

#include <coroutine>
#include <utility>

#include <bulkhead/detail/future_state.h>

/// How a coroutine waits for a future.
namespace bulkhead::detail {

/// Lets a coroutine sleep until the future is done. It lives in the coroutine's frame, so that
/// waiting allocates nothing; it takes itself back if the coroutine is destroyed asleep.
template <class T>
class Awaiter : public Continuation {
 public:
  explicit Awaiter(FutureRef state) : state_(std::move(state)) {}
  ~Awaiter() override {
    if (is_watching_) {
      unwatch(*state_, *this);
    }
  }

  bool await_ready() const { return is_done(*state_); }

  bool await_suspend(std::coroutine_handle<> sleeper) {
    sleeper_ = sleeper;
    is_watching_ = true;  // Before it watches: from then on another thread may let it go on.
    if (watch(*state_, *this)) {
      return true;
    }
    is_watching_ = false;
    return false;
  }

  T await_resume() const {
    if (failure_of(*state_) != nullptr) {
      raise_failure(*state_);
    }
    return value_of<T>(*state_);
  }

  void run() override { take_sleeper().resume(); }

 protected:
  std::coroutine_handle<> take_sleeper() {
    is_watching_ = false;
    return sleeper_;
  }

 private:
  FutureRef state_;
  std::coroutine_handle<> sleeper_;
  bool is_watching_ = false;
};

/// Lets a coroutine go on, once.
class Resumption {
 public:
  explicit Resumption(std::coroutine_handle<> sleeper) : sleeper_(sleeper) {}
  void operator()() const { sleeper_.resume(); }

 private:
  std::coroutine_handle<> sleeper_;
};

/// The same, but lets `schedule` decide where the coroutine goes on.
template <class T, class Schedule>
class ScheduledAwaiter final : public Awaiter<T> {
 public:
  ScheduledAwaiter(FutureRef state, Schedule schedule)
      : Awaiter<T>(std::move(state)), schedule_(std::move(schedule)) {}

  void run() override {
    Schedule schedule = std::move(schedule_);  // The frame may be gone before schedule() returns.
    schedule(Resumption(this->take_sleeper()));
  }

 private:
  Schedule schedule_;
};

}  // namespace bulkhead::detail
