#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include <bulkhead/codec.h>
#include <bulkhead/error.h>

namespace bulkhead {

namespace detail {

/// The state that a Future shares with its executor; known to the library only.
class FutureState;

using Deadline = std::optional<std::chrono::steady_clock::time_point>;  ///< nullopt: none

/// So long from now; none where the clock does not reach so far.
inline Deadline deadline_after(std::chrono::nanoseconds limit) {
  const auto now = std::chrono::steady_clock::now();
  if (limit > std::chrono::steady_clock::time_point::max() - now) {
    return std::nullopt;
  }
  return now + limit;
}

/// Waits until the task is over or the deadline is reached; true: it is over.
bool wait_until(FutureState& state, Deadline deadline);
bool is_done(const FutureState& state);
bool is_cancelled(const FutureState& state);
bool cancel(FutureState& state);
/// The encoded result; the task must be over.
const Outcome<Bytes>& result(const FutureState& state);

/// The value that these bytes encode.
template <class T>
Outcome<T> decode_value(std::span<const std::byte> encoded) {
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    try {
      Decoder in(encoded);
      return decode<T>(in);
    } catch (const SerializationError& error) {
      return Unexpected(error.failure);
    }
  }
}

/// Turns the encoded outcome of a task into a typed one.
template <class T>
Outcome<T> decode_outcome(const Outcome<Bytes>& encoded) {
  if (!encoded) {
    return Unexpected(encoded.error());
  }
  return decode_value<T>(*encoded);
}

/// The value, or the failure thrown as the exception that stands for it.
template <class T>
T value_or_raise(Outcome<T> outcome) {
  if (!outcome) {
    outcome.error().raise();
  }
  if constexpr (!std::is_void_v<T>) {
    return std::move(*outcome);
  }
}

}  // namespace detail

/// The result of a submitted task, which may still be on its way. A cheap handle: copies share one
/// state. All members may be called from any thread, and after the executor is gone.
/// Dropping every copy neither waits for the task nor cancels it.
template <class T>
class Future {
 public:
  using value_type = T;

  explicit Future(std::shared_ptr<detail::FutureState> state) : state_(std::move(state)) {}

  /// Waits for the task, then returns its value or throws its failure: what the function threw
  /// (Remote<E>, RemoteException), WorkerCrashed, WorkerExited, TimeoutError, CancelledError,
  /// BrokenProcessPool. May be called again and gives the same.
  T get() const { return detail::value_or_raise(outcome()); }

  /// Like get(), but waits no longer than `limit`, then throws TimeoutError; the task goes on.
  T get(std::chrono::nanoseconds limit) const {
    if (!wait_for(limit)) {
      throw TimeoutError(Failure{.kind = FailureKind::TimedOut, .limit = limit});
    }
    return get();
  }

  /// Waits for the task; its failure is a value, not an exception.
  Outcome<T> outcome() const {
    wait();
    return detail::decode_outcome<T>(detail::result(*state_));
  }

  void wait() const { detail::wait_until(*state_, std::nullopt); }

  /// Waits no longer than `limit`; true: the task is over.
  bool wait_for(std::chrono::nanoseconds limit) const {
    return detail::wait_until(*state_, detail::deadline_after(limit));
  }

  /// Cancels the task if it has not been started. True: it never ran and never will, also when it
  /// had already travelled to a worker. False: it is running or over, or will run. Never waits.
  bool cancel() const { return detail::cancel(*state_); }

  /// The task is over: it has a value, failed, or was cancelled.
  bool done() const { return detail::is_done(*state_); }
  bool cancelled() const { return detail::is_cancelled(*state_); }

 private:
  std::shared_ptr<detail::FutureState> state_;
};

}  // namespace bulkhead
