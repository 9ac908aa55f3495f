#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <exception>
#include <memory>
#include <ostream>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include <bulkhead/detail/await.h>
#include <bulkhead/detail/future_state.h>
#include <bulkhead/detail/then.h>
#include <bulkhead/error.h>

namespace bulkhead {

/// The result of a submitted task, which may still be on its way. A cheap handle: copies share one
/// state. All members may be called from any thread, and after the executor is gone.
/// Dropping every copy neither waits for the task nor cancels it.
///
/// Who runs what the program attaches to a future (a callback, the function of then(), a
/// coroutine): the thread that completes it. That is the pool's own, or any thread that is inside a
/// member of the pool, of its futures or of its maps, most often one that waits; if the future is
/// done already, the one that attaches. So do not hold a lock there that a callback takes. No lock
/// of the library is held: the program may submit, wait, cancel and shut the pool down. One thread
/// runs them one after the other, so they should be short: while the pool's own runs one and no
/// thread waits, idle workers get no tasks, and neither a timeout nor a crash is noticed.
///
/// T may be a type that can only be moved. The result of a task is built anew for each who asks; of
/// what then() made in this process there is only one, which goes to the first who asks, by get(),
/// outcome(), co_await, then() or collect(); each later one gets std::logic_error.
template <class T>
class Future {
 public:
  using value_type = T;

  explicit Future(detail::FutureRef state) : state_(std::move(state)) {}

  /// Waits for the task, then returns its value or throws its failure: what the function threw
  /// (Remote<E>, RemoteException), WorkerCrashed, WorkerExited, TimeoutError, CancelledError,
  /// SerializationError, BrokenProcessPool. May be called again and gives the same.
  T get() const {
    wait();
    if (detail::failure_of(*state_) != nullptr) {
      detail::raise_failure(*state_);
    }
    return detail::value_of<T>(*state_);
  }

  /// Like get(), but waits no longer than `limit`, then throws TimeoutError; the task goes on.
  T get(std::chrono::nanoseconds limit) const {
    wait_or_throw(limit);
    return get();
  }

  /// Waits for the task; its failure is a value, not an exception.
  Outcome<T> outcome() const {
    wait();
    return detail::outcome_of<T>(*state_);
  }

  /// Waits for the task, then returns what get() would throw; null if it has a value.
  std::exception_ptr exception() const {
    wait();
    return detail::failure_of(*state_) != nullptr ? detail::exception_of(*state_)
                                                  : detail::decoding_error<T>(*state_);
  }

  /// Like exception(), but waits no longer than `limit`, then throws TimeoutError.
  std::exception_ptr exception(std::chrono::nanoseconds limit) const {
    wait_or_throw(limit);
    return exception();
  }

  void wait() const { detail::wait_until(*state_, std::nullopt); }

  /// Waits no longer than `limit`; true: the task is over.
  bool wait_for(std::chrono::nanoseconds limit) const {
    return detail::wait_until(*state_, detail::deadline_after(limit));
  }

  /// Cancels the task if it has not been started. True: it never ran and never will, also when it
  /// had already travelled to a worker. False: it is running or over, or will run. Never waits.
  bool cancel() const { return detail::cancel(*state_); }

  /// Ends the task: cancels it if it has not been started; if it is running its run is stopped, as
  /// TaskOptions::grace says, and the task fails with CancelledError. No other task is harmed: what
  /// had travelled to the same worker runs elsewhere. Never waits.
  /// False: it was over before. True: it is over, or will be soon; it may still have ended with a
  /// value or an error of its own at that very moment.
  bool kill() const { return detail::kill(*state_); }

  /// A worker is running the task, or has run it and the result was not noticed yet.
  bool running() const { return detail::is_running(*state_); }

  /// What the running task told last by this_task::progress(), from 0 to 1; nullopt: nothing, or it
  /// is not running.
  std::optional<double> progress() const { return detail::progress(*state_); }

  /// The task is over: it has a value, failed, or was cancelled.
  bool done() const { return detail::is_done(*state_); }
  /// It was cancelled before it was started, or killed.
  bool cancelled() const { return detail::is_cancelled(*state_); }

  /// Calls function(future) when the future is done, however it ended: see above in which thread;
  /// at once if it is done already. Those added before that are called in the order in which they
  /// were added. What one throws goes to the callback error handler and stops nothing.
  template <std::invocable<const Future&> F>
  void add_done_callback(F function) const {
    auto* callback = new Callback<F>(std::move(function), *this);  // Owns itself until it has run.
    if (!detail::watch(*state_, *callback)) {
      detail::run_now(*callback);
    }
  }

  /// A future of what `function` makes of this one's value, in this process: see above in which
  /// thread. A failure, or a cancellation, passes through, and the function is not called; but a
  /// function that takes an `Outcome<T>` is called in any case. What it throws, get() throws as it
  /// is. If it returns a `Future<U>`, the result is a `Future<U>` that ends as that one does; one
  /// that would wait for itself fails with std::logic_error.
  ///
  /// cancel() of the new future is true if the function has not been called; then it never will be,
  /// and cancel() was also called on this future.
  template <detail::Consumer<T> F>
  auto then(F function) const {
    using Step = detail::ThenStep<T, F>;
    return Future<typename Step::Value>(
        detail::derive({state_}, std::make_unique<Step>(std::move(function))));
  }

  /// `co_await future` in a coroutine of any type gives or throws what get() does. The coroutine
  /// goes on in the completing thread, see above. It may be destroyed while it waits: before the
  /// future is done, or by what the completing thread runs.
  auto operator co_await() const { return detail::Awaiter<T>(state_); }

  /// `co_await future.via(schedule)`: the coroutine goes on where `schedule`, called with a
  /// function without arguments in the completing thread, calls that.
  template <std::invocable<detail::Resumption> Schedule>
  auto via(Schedule schedule) const {
    return detail::ScheduledAwaiter<T, Schedule>(state_, std::move(schedule));
  }

  /// The same state: both are copies of one future.
  friend bool operator==(const Future&, const Future&) = default;

  /// `<Future pending>`, `<Future running>`, `<Future cancelled>`, `<Future finished: int>`,
  /// `<Future failed: killed by SIGSEGV (worker 4711)>`.
  friend std::ostream& operator<<(std::ostream& out, const Future& future) {
    return detail::print(out, *future.state_, typeid(T));
  }

  /// For this library.
  const detail::FutureRef& state() const noexcept { return state_; }

 private:
  template <class F>
  class Callback final : public detail::Continuation {
   public:
    Callback(F function, Future future)
        : function_(std::move(function)), future_(std::move(future)) {}
    void run() override {
      const std::unique_ptr<Callback> self(this);
      function_(std::as_const(future_));
    }

   private:
    F function_;
    Future future_;
  };

  void wait_or_throw(std::chrono::nanoseconds limit) const {
    if (!wait_for(limit)) {
      throw TimeoutError(Failure{.kind = FailureKind::TimedOut, .limit = limit});
    }
  }

  detail::FutureRef state_;
};

/// Is told what a callback threw, in the thread that ran it. It must not throw.
using CallbackErrorHandler = void (*)(std::exception_ptr thrown);

/// Sets the handler of this process and returns the one before. Null, as at the start: an exception
/// out of a callback is counted by callback_errors() and else ignored.
CallbackErrorHandler set_callback_error_handler(CallbackErrorHandler handler) noexcept;

/// So many callbacks have thrown in this process.
std::uint64_t callback_errors() noexcept;

}  // namespace bulkhead
