// How threads wait for results, and how a pool hears of them without being woken for each.

#include <algorithm>
#include <thread>

#include "executors/pool_manager.h"
#include "futures/continuations.h"

namespace bulkhead::executors {

using transport::Attention;

namespace {
/// Tasks that are over sooner than this are waited for awake: falling asleep and being woken takes
/// longer.
constexpr auto kShortRun = std::chrono::microseconds(20);
/// Who takes the results of a map is glad of several at once: he sleeps so long before a worker
/// may wake him for each, which costs some ten microseconds that a worker goes without. In such a
/// time at least two must come.
constexpr auto kPatience = std::chrono::microseconds(1000);
/// Looks at the rings before a sleep. In between the CPU is left to whoever wants it, so that on a
/// busy machine one look is a worker's whole turn.
constexpr int kLooksBeforeSleep = 100;
/// Looks for more when there is something already.
constexpr int kLooksForMore = 4;

std::chrono::steady_clock::time_point earlier(detail::Deadline deadline,
                                              std::chrono::steady_clock::time_point end) {
  return deadline ? std::min(*deadline, end) : end;
}
}  // namespace

bool PoolManager::drive_until(const std::function<bool()>& done, detail::Deadline deadline) {
  Lock lock = hold();
  return drive(lock, done, deadline);
}

bool PoolManager::drive(Lock& lock, const std::function<bool()>& done, detail::Deadline deadline,
                        Hurry hurry) {
  bool is_done = false;
  const auto must_wait = [&] {
    if (!postponed_starts_.empty()) {
      carry_out_commands();  // This thread may do what the pool's own may not.
    }
    is_done = done();
    return !is_done && !(deadline && Clock::now() >= *deadline);
  };
  bool may_nap = hurry == Hurry::No;
  while (must_wait()) {
    if (has_pump_) {
      sleep_until_progress(lock, deadline);
    } else if (may_nap && may_be_patient()) {
      may_nap = nap(lock, deadline);  // Once in vain: the next sleep has no end.
    } else {
      pump_once(lock, deadline);
      may_nap = hurry == Hurry::No;
    }
  }
  leave(Attention::Asleep);
  return is_done;
}

void PoolManager::gather(const std::function<bool()>& ready, const std::function<bool()>& enough,
                         detail::Deadline deadline) {
  Lock lock = hold();
  drive(lock, ready, deadline, Hurry::No);
  // What comes may be for others, without end.
  const auto end = earlier(deadline, Clock::now() + kPatience);
  while (!enough() && !has_pump_ && Clock::now() < end && look(lock, kLooksForMore)) {
  }
  // The thread of the map is back soon.
  leave(may_be_patient() ? Attention::Busy : Attention::Asleep);
}

bool PoolManager::may_be_patient() const {
  // Only maps have tasks under way, and those are short.
  return awaited_tasks_ == 0 && waiters_ == 0 && recent_run_time_ < kPatience / 2;
}

void PoolManager::leave(Attention attention) {
  if (!has_pump_) {
    pay(attention);
  }
}

void PoolManager::sleep_until_progress(Lock& lock, detail::Deadline deadline) {
  tell_waiters();
  ++waiters_;
  if (deadline) {
    progress_.wait_until(lock, *deadline);
  } else {
    progress_.wait(lock);
  }
  --waiters_;
}

void PoolManager::pump_once(Lock& lock, detail::Deadline deadline) {
  if (!look(lock, kLooksBeforeSleep) && !pay(Attention::Asleep)) {
    sleep_as_pump(lock, deadline);
  }
}

bool PoolManager::nap(Lock& lock, detail::Deadline deadline) {
  if (look(lock, kLooksBeforeSleep) || pay(Attention::Busy) || drain_unread()) {
    return true;
  }
  return sleep_as_pump(lock, earlier(deadline, Clock::now() + kPatience));
}

bool PoolManager::sleep_as_pump(Lock& lock, detail::Deadline deadline) {
  bool has_come = false;
  {
    const PumpPlace pump(*this);
    const auto tags = wait_in_poller(lock, deadline);
    handle(tags);
    // The pool's own thread may have taken the kick that tells of what it has handled.
    has_come = !tags.empty() || pump_must_look_;
  }
  return run_continuations(lock) || has_come;
}

std::vector<os::Poller::Tag> PoolManager::wait_in_poller(Lock& lock, detail::Deadline deadline) {
  const Unlocked asleep(lock);
  return poller_.wait(deadline);
}

bool PoolManager::look(Lock& lock, int looks) {
  if (recent_run_time_ >= kShortRun) {
    return false;
  }
  pay(Attention::Awake);
  bool has_come = false;
  {
    const PumpPlace pump(*this);
    for (int i = 0; i < looks && !has_come && !pump_must_look_; ++i) {
      leave_cpu(lock);
      has_come = drain_unread();
    }
    has_come = has_come || pump_must_look_;
  }
  return run_continuations(lock) || has_come;
}

void PoolManager::leave_cpu(Lock& lock) {
  const Unlocked others_may_work(lock);
  std::this_thread::yield();
}

PoolManager::PumpPlace::PumpPlace(PoolManager& manager) : manager_(manager) {
  manager_.tell_waiters();  // They include the pump, which need not be told of what it did itself.
  manager_.has_pump_ = true;
}

PoolManager::PumpPlace::~PumpPlace() {
  manager_.has_pump_ = false;
  manager_.pump_must_look_ = false;
  ++manager_.pump_turns_;
  manager_.has_news_ = true;  // Another waiter may take the place.
  manager_.tell_waiters();
  if (manager_.is_stopping_) {
    manager_.kick_.ring();  // This thread may have got the kick that was meant for the pool's own.
  }
}

bool PoolManager::run_continuations(Lock& lock) {
  if (!detail::is_turn_due()) {
    return false;
  }
  pay(Attention::Asleep);  // This thread looks for nothing until they have returned.
  lock.unlock();
  detail::run_in_turn();
  lock.lock();
  return true;
}

bool PoolManager::pay(Attention attention) {
  if (attention == attention_) {
    return false;
  }
  attention_ = attention;
  for (auto& [worker, seat] : seats_) {
    seat.channel().pay(attention);
  }
  return attention != Attention::Awake && drain_unread();
}

bool PoolManager::drain_unread() {
  bool has_come = false;
  for (auto& [worker, seat] : seats_) {
    if (seat.is_heard() && seat.channel().has_unread()) {
      drain(worker);
      has_come = true;
    }
  }
  if (has_come) {
    carry_out_commands();
  }
  return has_come;
}

void PoolManager::tell_waiters() {
  if (!std::exchange(has_news_, false)) {
    return;
  }
  if (waiters_ > 0 || hands_over_) {
    progress_.notify_all();
  }
  if (has_pump_) {
    pump_must_look_ = true;
    kick_.ring();
  }
}

}  // namespace bulkhead::executors
