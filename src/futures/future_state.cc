#include "futures/future_state.h"

#include <array>
#include <cassert>
#include <utility>

namespace bulkhead::detail {

std::mutex& FutureState::list_mutex() const noexcept {
  // As many as make it unlikely that two threads want the same; a mutex in each state would make
  // all futures larger for the few that are watched.
  constexpr std::size_t kMutexes = 64;
  constexpr std::size_t kStateBytes = 128;
  static std::array<std::mutex, kMutexes> mutexes;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the address as a number
  return mutexes.at((reinterpret_cast<std::uintptr_t>(this) / kStateBytes) % kMutexes);
}

FutureState::~FutureState() {
  assert((watchers_ == nullptr || is_done()) && "a watched future is never completed");
}

void FutureState::complete(Result result, int worker) {
  assert(!is_done() && "a future is completed once");
  worker_ = worker;
  result_.emplace(std::move(result));
  Watcher* nobody = nullptr;
  // Release: who sees `done` sees the result; partner of is_done().
  if (watchers_.compare_exchange_strong(nobody, done_mark(), std::memory_order_acq_rel)) {
    return;
  }
  const std::lock_guard lock(list_mutex());
  Watcher* const newest = watchers_.exchange(done_mark(), std::memory_order_acq_rel);
  Watcher* watcher = oldest_first(newest);
  while (watcher != nullptr) {
    Watcher* const next = watcher->next_;  // First: the watcher may go when it has heard.
    watcher->on_completed();
    watcher = next;
  }
}

Watcher* FutureState::oldest_first(Watcher* newest) noexcept {
  Watcher* oldest = nullptr;
  while (newest != nullptr) {
    Watcher* const older = std::exchange(newest->next_, oldest);
    oldest = std::exchange(newest, older);
  }
  return oldest;
}

bool FutureState::watch(Watcher& watcher) {
  const std::lock_guard lock(list_mutex());
  Watcher* newest = watchers_.load(std::memory_order_acquire);
  do {
    if (newest == done_mark()) {
      return false;
    }
    watcher.next_ = newest;
  } while (!watchers_.compare_exchange_weak(newest, &watcher, std::memory_order_acq_rel));
  return true;
}

bool FutureState::unwatch(Watcher& watcher) {
  const std::lock_guard lock(list_mutex());
  Watcher* at = watchers_.load(std::memory_order_acquire);
  if (at == done_mark()) {
    return false;
  }
  if (at == &watcher) {
    watchers_.store(watcher.next_, std::memory_order_release);  // Not empty: guarded by the mutex.
    return true;
  }
  while (at != nullptr && at->next_ != &watcher) {
    at = at->next_;
  }
  if (at == nullptr) {
    return false;
  }
  at->next_ = watcher.next_;
  return true;
}

const FutureState& FutureState::origin() const noexcept {
  const auto* forwarded = std::get_if<Forwarded>(&*result_);
  return forwarded != nullptr ? **forwarded : *this;
}

FutureState::Forwarded FutureState::origin(const FutureRef& state) {
  const auto* forwarded = std::get_if<Forwarded>(&*state->result_);
  return forwarded != nullptr ? *forwarded : state;
}

const Failure* FutureState::failure() const noexcept {
  const FutureState& from = origin();
  if (const auto* failure = std::get_if<std::unique_ptr<const Failure>>(&*from.result_)) {
    return failure->get();
  }
  const LocalResult* const local = from.local_result();
  return local != nullptr && local->failure ? &*local->failure : nullptr;
}

const EncodedValue* FutureState::encoded_value() const noexcept {
  return std::get_if<EncodedValue>(&*origin().result_);
}

const LocalResult* FutureState::local_result() const noexcept {
  const auto* local = std::get_if<std::shared_ptr<const LocalResult>>(&*origin().result_);
  return local != nullptr ? local->get() : nullptr;
}

int FutureState::worker() const noexcept {
  return origin().worker_;
}

bool FutureState::is_cancelled() const noexcept {
  if (!is_done()) {
    return false;
  }
  const Failure* const why = failure();
  return why != nullptr && why->kind == FailureKind::Cancelled;
}

bool FutureState::never_ran() const noexcept {
  return is_cancelled() && failure()->attempts == 0;
}

bool FutureState::wait_until(Deadline deadline) {
  if (is_done()) {
    return true;
  }
  const auto driver = driver_.lock();
  return driver ? driver->drive_until([this] { return is_done(); }, deadline) : is_done();
}

bool FutureState::cancel() {
  if (!is_done()) {
    if (const auto driver = driver_.lock()) {
      driver->cancel(task_);
    }
  }
  return never_ran();
}

bool FutureState::kill() {
  if (is_done()) {
    return false;
  }
  if (const auto driver = driver_.lock()) {
    driver->kill(task_);
  }
  return !is_done() || is_cancelled();
}

bool FutureState::is_running() const {
  const auto driver = is_done() ? nullptr : driver_.lock();
  return driver && driver->is_running(task_);
}

std::optional<double> FutureState::progress() const {
  const auto driver = is_done() ? nullptr : driver_.lock();
  return driver ? driver->progress(task_) : std::nullopt;
}

}  // namespace bulkhead::detail
