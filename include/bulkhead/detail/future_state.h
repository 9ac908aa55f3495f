#pragma once

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <exception>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include <bulkhead/codec.h>
#include <bulkhead/error.h>

/// What the templates of the futures need of the compiled part.
namespace bulkhead::detail {

/// The state that a Future shares with whoever completes it; known to the library only.
class FutureState;
using FutureRef = std::shared_ptr<FutureState>;

using Deadline = std::optional<std::chrono::steady_clock::time_point>;  ///< nullopt: none

/// So long from now; none where the clock does not reach so far.
inline Deadline deadline_after(std::chrono::nanoseconds limit) {
  const auto now = std::chrono::steady_clock::now();
  if (limit > std::chrono::steady_clock::time_point::max() - now) {
    return std::nullopt;
  }
  return now + limit;
}

/// What a function of this process left behind: never encoded, because it goes nowhere.
struct LocalResult {
  std::optional<Failure> failure{};  ///< nullopt: the result is a LocalValue
  std::exception_ptr thrown{};       ///< what get() throws, if it is more than the failure says
};

/// Can be copied, what is in it included: a container says so without looking at its elements.
template <class T>
consteval bool is_copyable() {
  if constexpr (requires { typename T::value_type; }) {
    using Element = typename T::value_type;
    if constexpr (!std::is_void_v<Element> && !std::same_as<Element, T>) {
      return std::copy_constructible<T> && is_copyable<Element>();
    }
  }
  return std::copy_constructible<T>;
}

/// All who ask get a copy; what cannot be copied goes to the first.
template <class T>
class LocalValue : public LocalResult {
 public:
  explicit LocalValue(T of) : value_(std::move(of)) {}

  /// Throws std::logic_error if it has gone. Thread-safe.
  T take() const {
    if constexpr (is_copyable<T>()) {
      return value_;
    } else {
      if (is_taken_.exchange(true)) {
        throw std::logic_error("the value of this future cannot be copied, and was taken before");
      }
      return std::move(value_);
    }
  }

 private:
  mutable T value_;
  mutable std::atomic<bool> is_taken_{false};
};

/// Waits until the future is done or the deadline is reached; true: it is done.
bool wait_until(FutureState& state, Deadline deadline);
bool is_done(const FutureState& state);
bool is_cancelled(const FutureState& state);
bool cancel(FutureState& state);
bool kill(FutureState& state);
bool is_running(const FutureState& state);
std::optional<double> progress(const FutureState& state);

// All below: only when it is done.

/// nullptr: it has a value.
const Failure* failure_of(const FutureState& state);
/// The encoded value; nullopt: it is local_value(). Only if there is no failure.
std::optional<std::span<const std::byte>> encoded_value(const FutureState& state);
const LocalResult& local_value(const FutureState& state);
/// The worker that the value is of; 0: none.
int worker_of(const FutureState& state);
/// Throws the exception that stands for the failure, which there is.
[[noreturn]] void raise_failure(const FutureState& state);
/// The same exception as a pointer; null: it has a value.
std::exception_ptr exception_of(const FutureState& state);

/// `<Future finished: int>`, `<Future failed: killed by SIGSEGV (worker 4711)>`; at any time.
std::ostream& print(std::ostream& out, const FutureState& state, const std::type_info& type);

/// Hears of the end of a future, once. In the list of that future it is linked, not owned.
class Watcher {
 public:
  Watcher() = default;
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  virtual ~Watcher() = default;

  /// Called in the completing thread, under locks of the library: it does little, and takes no lock
  /// but one of its own. It may be gone afterwards.
  virtual void on_completed() noexcept = 0;

 private:
  friend class FutureState;
  Watcher* next_ = nullptr;
};

/// What the program does when a future is done, outside of every lock of the library: in the
/// completing thread, when that has given back its locks.
class Continuation : public Watcher {
 public:
  /// Called once; it may be gone afterwards. What it throws goes to the callback error handler.
  virtual void run() = 0;

  void on_completed() noexcept final;
};

/// Runs the continuation when the future is done. False: it is done already, and nothing happens.
bool watch(FutureState& state, Continuation& continuation);
/// Takes it back, also if the future is done and this thread was about to run it; false: it has
/// run, or another thread is about to run it.
bool unwatch(FutureState& state, Continuation& continuation);
/// Runs it now, in this thread.
void run_now(Continuation& continuation) noexcept;

/// The failure for what a type of the user's threw while the value from this worker was decoded,
/// the exception being handled.
Failure failure_to_decode(int worker);

/// The value from this worker that these bytes encode.
template <class T>
Outcome<T> decode_value(std::span<const std::byte> encoded, int worker) {
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    try {
      Decoder in(encoded);
      return decode<T>(in);
    } catch (...) {
      return Unexpected(failure_to_decode(worker));
    }
  }
}

/// The value; throws SerializationError if the bytes are none, and what LocalValue::take() throws.
template <class T>
T value_of(const FutureState& state) {
  if constexpr (!std::is_void_v<T>) {
    if constexpr (Transferable<T>) {  // Else no task can have it as its result.
      if (const auto encoded = encoded_value(state)) {
        try {
          Decoder in(*encoded);
          return decode<T>(in);
        } catch (SerializationError& error) {
          error.failure.pid = worker_of(state);
          throw;
        }
      }
    }
    return static_cast<const LocalValue<T>&>(local_value(state)).take();
  }
}

/// What value_of() throws because the bytes are no value; null: they are one, or there are none.
template <class T>
std::exception_ptr decoding_error(const FutureState& state) {
  if constexpr (!std::is_void_v<T>) {
    try {
      if (encoded_value(state)) {
        static_cast<void>(value_of<T>(state));
      }
    } catch (...) {
      return std::current_exception();
    }
  }
  return nullptr;
}

template <class T>
Outcome<T> outcome_of(const FutureState& state) {
  if (const Failure* failure = failure_of(state)) {
    return Unexpected(*failure);
  }
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    try {
      return value_of<T>(state);
    } catch (...) {
      return Unexpected(failure_to_decode(worker_of(state)));
    }
  }
}

}  // namespace bulkhead::detail
