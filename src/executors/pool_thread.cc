// The pool's own thread, which hears of what happens while nobody waits.

#include <string>
#include <system_error>
#include <thread>

#include <bulkhead/error.h>

#include "executors/pool_manager.h"
#include "futures/continuations.h"
#include "futures/sleeper.h"
#include "os/threads.h"

namespace bulkhead::executors {

void PoolManager::start_thread() {
  const os::SignalsBlocked inherited_by_the_thread;
  // Between the announcement and its start the thread is counted where there is none: a fork of the
  // program by another thread would miss this one.
  const std::shared_lock no_fork_meanwhile(os::fork_gate());
  os::LibraryThread::announce();
  try {
    thread_ = std::jthread([self = shared_from_this()]() mutable {
      const detail::DrivesWhileItLives driving(*self);
      self->run_thread();
      self.reset();
    });
  } catch (const std::system_error& error) {
    os::LibraryThread::withdraw();
    throw StartError(std::string("cannot start a process pool: its thread: ") + error.what());
  }
}

void PoolManager::run_thread() {
  const os::LibraryThread counted;
  for (;;) {
    const auto tags = poller_.wait(std::nullopt);
    Lock lock(*this);
    if (is_stopping_) {
      server_.reset();
      return;
    }
    {
      const std::shared_lock gate(os::fork_gate());
      handle(tags);
    }
    hand_over_to_pump(lock);
    lock.unlock();
    run_continuations_in_own_thread();
  }
}

void PoolManager::run_continuations_in_own_thread() {
  if (detail::is_turn_due()) {
    const os::RunsProgramCode program;
    detail::run_in_turn();
  }
}

void PoolManager::hand_over_to_pump(Lock& lock) {
  tell_waiters();
  if (!has_pump_ || !pump_must_look_) {
    return;
  }
  // What the pump waits for may be over. It is in the poller, or about to be, and this thread may
  // have taken the kick that was meant for it; while this thread waits here nobody can take
  // another.
  const std::uint64_t turn = pump_turns_;
  kick_.ring();
  hands_over_ = true;
  progress_.wait(lock, [&] { return pump_turns_ != turn; });
  hands_over_ = false;
}

void PoolManager::stop_thread() {
  {
    const Lock lock(*this);
    is_stopping_ = true;
    kick_.ring();
  }
  if (detail::driver_of_this_thread() == this) {
    return;  // A callback: the thread ends by itself when it is back.
  }
  const std::lock_guard lock(joining_);
  if (thread_.joinable()) {
    thread_.join();
  }
}

}  // namespace bulkhead::executors
