#include <algorithm>
#include <atomic>
#include <deque>
#include <unordered_set>

#include <bulkhead/wait.h>

#include "futures/sleeper.h"

namespace bulkhead::detail {

namespace {

/// That of the first future which has not ended: whoever waits drives it, the others drive
/// themselves.
std::shared_ptr<Driver> executor_of_first_pending(std::span<const FutureRef> states) {
  for (const FutureRef& state : states) {
    const auto driver = state->is_done() ? nullptr : state->driver();
    if (driver) {
      return driver->executor();
    }
  }
  return nullptr;
}

bool has_failed(const FutureState& state) {
  return state.is_done() && state.failure() != nullptr && !state.is_cancelled();
}

/// The condition of a wait() for the first of several.
class FirstOf {
 public:
  FirstOf(std::span<const FutureRef> states, ReturnWhen when)
      : when_(when), left_(states.size()), sleeper_(executor_of_first_pending(states)) {
    for (const FutureRef& state : states) {
      watchers_.emplace_back(*this, *state);
    }
  }
  ~FirstOf() {
    for (One& one : watchers_) {
      one.state.unwatch(one);
    }
  }
  FirstOf(const FirstOf&) = delete;
  FirstOf& operator=(const FirstOf&) = delete;

  void wait(Deadline deadline) {
    for (One& one : watchers_) {
      if (!one.state.watch(one)) {
        one.on_completed();
      }
    }
    sleeper_.sleep_until([this] { return holds_.load(std::memory_order_acquire); }, deadline);
  }

 private:
  struct One final : Watcher {
    One(FirstOf& all_of_them, FutureState& of) : all(all_of_them), state(of) {}
    void on_completed() noexcept override { all.on_completed(state); }

    FirstOf& all;
    FutureState& state;
  };

  void on_completed(const FutureState& state) noexcept {
    const bool is_last = left_.fetch_sub(1) == 1;
    if (is_last || when_ == ReturnWhen::FirstCompleted || has_failed(state)) {
      holds_.store(true, std::memory_order_release);
      sleeper_.wake();
    }
  }

  const ReturnWhen when_;
  std::atomic<std::size_t> left_;
  std::atomic<bool> holds_{false};
  Sleeper sleeper_;
  std::deque<One> watchers_;  ///< they stay where they are
};

}  // namespace

std::vector<FutureRef> without_duplicates(std::vector<FutureRef> states) {
  std::unordered_set<const FutureState*> seen;
  seen.reserve(states.size());
  std::erase_if(states, [&seen](const FutureRef& s) { return !seen.insert(s.get()).second; });
  return states;
}

void wait_for(std::span<const FutureRef> states, ReturnWhen when, Deadline deadline) {
  if (when == ReturnWhen::AllCompleted) {
    for (const FutureRef& state : states) {  // The last one to end is waited for in any case.
      if (!state->wait_until(deadline)) {
        return;
      }
    }
  } else if (!states.empty()) {
    FirstOf(states, when).wait(deadline);
  }
}

class CompletionOrder {
 public:
  CompletionOrder(std::vector<FutureRef> states, std::chrono::nanoseconds limit)
      : limit_(limit),
        deadline_(deadline_after(limit)),
        sleeper_(executor_of_first_pending(states)),
        ended_(states.size()) {
    for (FutureRef& state : states) {
      if (state->is_done()) {
        append(std::move(state));
      }
    }
    for (FutureRef& state : states) {
      if (state) {
        watch(std::move(state));
      }
    }
  }
  ~CompletionOrder() {
    for (One& one : watchers_) {
      if (const FutureRef state = pending_state_of(one)) {
        state->unwatch(one);
      }
    }
  }
  CompletionOrder(const CompletionOrder&) = delete;
  CompletionOrder& operator=(const CompletionOrder&) = delete;

  FutureRef next() {
    if (given_ == ended_.size()) {
      return nullptr;
    }
    if (!has_next() && !sleep_until_next()) {
      const std::string unfinished = std::to_string(ended_.size() - given_);
      throw TimeoutError(Failure{
          .kind = FailureKind::TimedOut,
          .limit = limit_,
          .detail = unfinished + " (of " + std::to_string(ended_.size()) + ") futures unfinished"});
    }
    return std::move(ended_[given_++]);
  }

 private:
  struct One final : Watcher {
    One(CompletionOrder& whole, FutureRef of) : order(whole), state(std::move(of)) {}
    void on_completed() noexcept override { order.on_completed(*this); }

    CompletionOrder& order;
    FutureRef state;  ///< null: it is in ended_
  };

  void watch(FutureRef state) {
    One& one = watchers_.emplace_back(*this, std::move(state));
    const FutureRef watched = one.state;  // It may end, and be given away, at any time.
    if (!watched->watch(one)) {
      on_completed(one);
    }
  }

  bool has_next() const noexcept { return count_.load() > given_; }

  bool sleep_until_next() {
    sleeps_ =
        true;  // Before it looks at count_; partner of on_completed(), sequentially consistent.
    const bool came = sleeper_.sleep_until([this] { return has_next(); }, deadline_);
    sleeps_ = false;
    return came;
  }

  void on_completed(One& one) noexcept {
    // All of it under the mutex, which the destructor takes: so nobody is here when it is gone.
    const std::lock_guard lock(mutex_);
    append(std::move(one.state));
    if (sleeps_.exchange(false)) {  // One wake for all that end before it has woken.
      sleeper_.wake();
    }
  }

  void append(FutureRef state) noexcept {
    const std::size_t at = count_.load(std::memory_order_relaxed);
    ended_[at] = std::move(state);
    count_.store(at + 1);
  }

  FutureRef pending_state_of(const One& one) {
    const std::lock_guard lock(mutex_);
    return one.state;
  }

  const std::chrono::nanoseconds limit_;
  const Deadline deadline_;
  Sleeper sleeper_;
  std::deque<One> watchers_;  ///< they stay where they are

  std::mutex mutex_;              ///< between those that append
  std::vector<FutureRef> ended_;  ///< in the order of their ends; [given_, count_) are to be given
  std::atomic<std::size_t> count_{0};
  std::atomic<bool> sleeps_{false};
  std::size_t given_ = 0;  ///< of the iterating thread
};

CompletionOrderPtr watch_completions(std::vector<FutureRef> states,
                                     std::chrono::nanoseconds limit) {
  return CompletionOrderPtr(new CompletionOrder(without_duplicates(std::move(states)), limit));
}

void CompletionOrderDeleter::operator()(CompletionOrder* order) const noexcept {
  delete order;
}

FutureRef next_completed(CompletionOrder& order) {
  return order.next();
}

}  // namespace bulkhead::detail
