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
}  // namespace

bool PoolManager::drive_until(const std::function<bool()>& done, detail::Deadline deadline) {
  Lock lock = hold();
  return drive(lock, done, deadline);
}

bool PoolManager::drive(Lock& lock, const std::function<bool()>& done, detail::Deadline deadline,
                        Hurry hurry) {
  if (!postponed_starts_.empty()) {
    carry_out_commands();  // This thread may do what the pool's own may not.
  }
  bool is_done = done();
  while (!is_done && !(deadline && Clock::now() >= *deadline)) {
    if (!has_pump_) {
      pump_once(lock, deadline, hurry);
    } else {
      sleep_until_progress(lock, deadline);
    }
    is_done = done();
  }
  leave(Attention::Asleep);
  return is_done;
}

void PoolManager::gather(const std::function<bool()>& ready, const std::function<bool()>& enough,
                         detail::Deadline deadline) {
  Lock lock = hold();
  drive(lock, ready, deadline, Hurry::No);
  while (!enough() && !has_pump_ && look(lock, kLooksForMore)) {
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

void PoolManager::pump_once(Lock& lock, detail::Deadline deadline, Hurry hurry) {
  if (look(lock, kLooksBeforeSleep)) {
    return;
  }
  if (hurry == Hurry::No && may_be_patient() && nap(lock, deadline)) {
    return;
  }
  if (!pay(Attention::Asleep)) {
    sleep_as_pump(lock, deadline);
  }
}

bool PoolManager::nap(Lock& lock, detail::Deadline deadline) {
  if (pay(Attention::Busy) || drain_unread()) {
    return true;
  }
  const auto end = Clock::now() + kPatience;
  return sleep_as_pump(lock, deadline ? std::min(*deadline, end) : end);
}

bool PoolManager::sleep_as_pump(Lock& lock, detail::Deadline deadline) {
  become_pump();
  lock.unlock();
  const auto tags = poller_.wait(deadline);
  lock.lock();
  handle(tags);
  return end_turn(lock) || !tags.empty();
}

bool PoolManager::look(Lock& lock, int looks) {
  if (recent_run_time_ >= kShortRun) {
    return false;
  }
  pay(Attention::Awake);
  become_pump();
  bool has_come = false;
  for (int i = 0; i < looks && !has_come && !pump_must_look_; ++i) {
    lock.unlock();
    std::this_thread::yield();
    lock.lock();
    has_come = drain_unread();
  }
  has_come = has_come || pump_must_look_;
  return end_turn(lock) || has_come;
}

void PoolManager::become_pump() {
  tell_waiters();  // First: they include the pump, which need not be told of what it did itself.
  has_pump_ = true;
}

bool PoolManager::end_turn(Lock& lock) {
  has_pump_ = false;
  pump_must_look_ = false;
  ++pump_turns_;
  has_news_ = true;  // The place of the pump is free: another waiter may take it.
  tell_waiters();
  if (is_stopping_) {
    kick_.ring();  // This thread may have got the kick that was meant for the pool's own.
  }
  return run_continuations(lock);
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
