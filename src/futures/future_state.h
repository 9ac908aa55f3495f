#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <variant>

#include <bulkhead/codec.h>
#include <bulkhead/detail/future_state.h>
#include <bulkhead/error.h>

#include "futures/encoded_value.h"

namespace bulkhead::detail {

/// Gets tasks done while somebody waits for them: what a future needs of its executor.
class Driver {
 public:
  virtual ~Driver() = default;

  /// Works, or sleeps while others work, until done() or the deadline; the last answer of done().
  /// done() is cheap, takes no lock, and turns true only by the completion of one of the driver's
  /// own tasks, or before a nudge().
  virtual bool drive_until(const std::function<bool()>& done, Deadline deadline) = 0;

  /// Cancels the task if it was not started.
  virtual void cancel(std::uint64_t task) = 0;

  /// Lets those in drive_until() look at done() again. Takes no lock and never blocks.
  virtual void nudge() noexcept {}

  /// The executor that gets the work done now, to be driven by who waits; null: none that is known.
  virtual std::shared_ptr<Driver> executor() { return nullptr; }

  /// Cancels the task, or stops its run; the same as cancel() where nothing runs.
  virtual void kill(std::uint64_t task) { cancel(task); }

  /// Whether a worker seems to be running the task.
  virtual bool is_running(std::uint64_t) { return false; }

  /// How far the running task says it is.
  virtual std::optional<double> progress(std::uint64_t) { return std::nullopt; }
};

/// The one result of a task, shared by its futures and by whoever completes it: pending, then done.
/// Thread-safe; it is completed once.
///
/// Who wants to hear of the end is linked into a list whose head is also the word that says `done`,
/// so that completing a future that nobody watches costs one compare-and-swap. As soon as the list
/// is not empty it is guarded by a mutex, which all futures share by turns.
class FutureState {
 public:
  using Forwarded = std::shared_ptr<const FutureState>;
  /// The failure apart: it is rare, and large.
  using Result = std::variant<EncodedValue, std::unique_ptr<const Failure>,
                              std::shared_ptr<const LocalResult>, Forwarded>;

  FutureState(std::weak_ptr<Driver> driver, std::uint64_t task)
      : driver_(std::move(driver)), task_(task) {}
  FutureState(const FutureState&) = delete;
  FutureState& operator=(const FutureState&) = delete;
  ~FutureState();

  static Result failed(Failure failure) {
    return std::make_unique<const Failure>(std::move(failure));
  }

  /// Ends the future; `worker`: the process that the value is of. The caller, when it has given
  /// back its locks, calls run_in_turn().
  void complete(Result result, int worker = 0);

  bool is_done() const noexcept { return watchers_.load(std::memory_order_acquire) == done_mark(); }
  bool is_cancelled() const noexcept;
  /// It was cancelled before its task was started.
  bool never_ran() const noexcept;

  /// Links the watcher; false: the future is done, and the watcher hears nothing.
  bool watch(Watcher& watcher);
  /// Takes it back; false: it has heard of the end. Nothing is on its way to it any more.
  bool unwatch(Watcher& watcher);

  bool wait_until(Deadline deadline);
  bool cancel();
  bool kill();
  bool is_running() const;
  std::optional<double> progress() const;
  std::shared_ptr<Driver> driver() const { return driver_.lock(); }

  // Only after is_done().
  const Failure* failure() const noexcept;
  const EncodedValue* encoded_value() const noexcept;
  const LocalResult* local_result() const noexcept;
  int worker() const noexcept;
  /// Where the result lies: in this state, or in the one whose result it took over.
  static Forwarded origin(const FutureRef& state);

 private:
  /// Stands in the place of the list when the future is done.
  static Watcher* done_mark() noexcept {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address that no watcher has
    return reinterpret_cast<Watcher*>(std::uintptr_t{1});
  }
  std::mutex& list_mutex() const noexcept;
  static Watcher* oldest_first(Watcher* newest) noexcept;
  const FutureState& origin() const noexcept;

  std::weak_ptr<Driver> driver_;  ///< gone only after the task is done
  const std::uint64_t task_;
  std::optional<Result> result_;  ///< written before watchers_ says done, read after it
  int worker_ = 0;                ///< the same
  /// The newest watcher, or done_mark(). Changed under list_mutex(), but for null to done_mark().
  std::atomic<Watcher*> watchers_{nullptr};
};

}  // namespace bulkhead::detail
