// Workers that come and go at the user's wish.

#include <algorithm>
#include <utility>

#include <bulkhead/error.h>

#include "executors/pool_manager.h"
#include "executors/pool_options.h"

namespace bulkhead::executors {

void PoolManager::boot_up(BootUpOptions options) {
  Lock lock = hold();
  if (is_shut_down_) {
    throw ShutdownError("cannot start workers after shutdown");
  }
  scheduler_.on_boot_up(Clock::now());
  carry_out_commands();
  if (options.wait) {
    const auto is_known = [](const auto& entry) { return entry.second.pid != 0; };
    const auto is_over = [&] {
      return !scheduler_.is_booting() && std::ranges::all_of(seats_, is_known);
    };
    drive(lock, is_over, std::nullopt);
  }
}

void PoolManager::resize(unsigned max_workers) {
  check_workers(max_workers);
  const Lock lock = hold();
  if (is_shut_down_) {
    throw ShutdownError("cannot resize after shutdown");
  }
  max_workers_ = max_workers;
  scheduler_.on_resized(max_workers, Clock::now());
  carry_out_commands();
}

unsigned PoolManager::max_workers() {
  const Lock lock = hold();
  return max_workers_;
}

bool PoolManager::is_open() {
  const Lock lock = hold();
  return !is_shut_down_ && !scheduler_.is_broken();
}

bool PoolManager::wait_until_idle(std::chrono::nanoseconds limit) {
  Lock lock = hold();
  const auto is_idle = [this] {
    return scheduler_.queued_tasks() == 0 && scheduler_.in_flight_tasks() == 0;
  };
  return drive(lock, is_idle, detail::deadline_after(limit));
}

unsigned PoolManager::free_index() const {
  std::set<unsigned> taken;
  for (const auto& [worker, seat] : seats_) {
    taken.insert(seat.index);
  }
  unsigned index = 0;
  while (taken.contains(index)) {
    ++index;
  }
  return index;
}

bool PoolManager::on_ready(WorkerId worker, WorkerSeat& seat) {
  if (std::exchange(seat.is_ready, true)) {
    on_violation(worker, seat, "ready twice");
    return false;
  }
  scheduler_.on_worker_ready(worker, Clock::now());
  has_news_ = true;  // Somebody may wait for the workers.
  return true;
}

bool PoolManager::on_leaving(WorkerId worker, WorkerSeat& seat) {
  if (std::exchange(seat.is_leaving, true)) {
    on_violation(worker, seat, "leaving twice");  // Else it could put off its end for ever.
    return false;
  }
  ++departures_.over_memory;
  seat.must_leave_within(options_.leave_limit);
  scheduler_.on_worker_leaving(worker, Clock::now());
  return true;
}

void PoolManager::note_end(const WorkerEnding& ending, const WorkerSeat& seat) {
  const os::WorkerReport& report = ending.report;
  using Kind = os::WorkerReport::Kind;
  if (!server_ || seat.has_lied) {
    return;  // The cause is known, and is not this end.
  }
  const char* const when =
      seat.is_ready || !options_.initializer.is_set() ? "" : "in the initializer: ";
  if (!seat.trouble.empty()) {
    last_trouble_ = when + seat.trouble;
  } else if (report.kind == Kind::NotStarted) {
    last_trouble_ = os::SystemError{report.status, "fork a worker"}.message();
  } else if (report.kind == Kind::Killed) {
    const Failure end{
        .kind = FailureKind::Crashed, .signal = report.status, .detail = ending.reason};
    last_trouble_ = when + end.message();
  } else if (!seat.leave_by) {
    last_trouble_ = when + ("a worker exited with status " + std::to_string(report.status));
  }
}

void PoolManager::count_departure(scheduling::Reason reason) {
  switch (reason) {
    case scheduling::Reason::UsedUp:
      ++departures_.used_up;
      return;
    case scheduling::Reason::Idle:
      ++departures_.idle;
      return;
    case scheduling::Reason::Shutdown:
    case scheduling::Reason::Surplus:
      return;
  }
}

}  // namespace bulkhead::executors
