// What happens to a pool, and what the scheduler is told of it.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <utility>

#include "executors/pool_manager.h"

namespace bulkhead::executors {

namespace {
/// Workers that are gone and remembered: a pool that replaces its workers may see millions.
constexpr std::size_t kMostRemembered = 1000;
/// A ring of replies without bytes takes two, and a look that finds nothing.
constexpr int kTurnsOfTheDead = 3;
}  // namespace

void PoolManager::handle(const std::vector<os::Poller::Tag>& tags) {
  for (const auto tag : tags) {
    if (tag == os::Poller::kAlarm) {
      alarm_.reset();
      const auto now = Clock::now();
      drain_all();  // A result that has come before its deadline was noticed is no overrun.
      report_starts(now);
      scheduler_.on_time(now);
      kill_overdue(now);
    } else if (tag == kServerTag) {
      read_reports();
    } else if (tag == kKickTag) {
      has_news_ = nudged_.exchange(false) || has_news_;
    } else {
      drain(tag);
    }
  }
  for (const WorkerId worker : std::exchange(unread_, {})) {
    drain(worker);
  }
  carry_out_commands();
}

void PoolManager::watch_server() {
  // Should watching fail, the server's death is noticed when it is next spoken to.
  [[maybe_unused]] const auto watched = poller_.watch(server_->fd(), kServerTag);
}

void PoolManager::read_reports() {
  while (server_) {
    auto report = server_->next_report();
    if (!report) {
      on_server_lost();
      return;
    }
    if (!*report) {
      return;
    }
    on_report(**report);
  }
}

void PoolManager::on_report(const os::WorkerReport& report) {
  using Kind = os::WorkerReport::Kind;
  const auto seat = seats_.find(report.worker);
  if (seat == seats_.end()) {
    return;
  }
  switch (report.kind) {
    case Kind::Started:
      seat->second.pid = report.pid;
      seat->second.is_introduced = true;
      has_news_ = true;      // Somebody may wait for the workers.
      drain(report.worker);  // It may have rung already.
      return;
    case Kind::NotStarted:
    case Kind::Exited:
    case Kind::Killed:
      on_exit(report);
      return;
  }
}

void PoolManager::on_exit(const os::WorkerReport& report) {
  const WorkerId worker = report.worker;
  auto& seat = seats_.at(worker);
  seat.is_introduced = true;
  // All that it published before it died counts, which is no more than its ring holds: a process
  // that it left behind may go on.
  for (int turn = 0; turn < kTurnsOfTheDead && drain(worker); ++turn) {
  }
  const auto& ending = exits_.emplace(worker, ending_of(report, seat, oom_)).first->second;
  note_end(ending, seat);
  const auto running = end_of_stream(worker, seat);
  const bool is_own_end = seat.killed_for.empty() || seat.has_lied;
  crashed_ += running && is_own_end ? 1 : 0;
  scheduler_.on_worker_exited(worker, running, Clock::now());
  carry_out_commands();
  exits_.erase(worker);
  dead_.push_back(seat.stats(false));
  if (dead_.size() > kMostRemembered) {
    dead_.pop_front();
  }
  dirty_.erase(worker);
  seats_.erase(worker);
  has_news_ = true;
}

std::optional<scheduling::Sequence> PoolManager::end_of_stream(WorkerId worker,
                                                               const WorkerSeat& seat) {
  // Only the next task in its stream can have been running: all before it are over.
  const scheduling::Sequence next = scheduler_.next_sequence(worker);
  const auto task = scheduler_.task_at(worker, next);
  const auto running = seat.channel().running();
  if (!task) {
    return std::nullopt;
  }
  if (seat.has_lied || (running && *running > next)) {
    // Its word on this may be destroyed too. The task can be the one that did it, or be innocent
    // behind it: it gets a second chance, on another worker, but no third.
    return suspects_.insert(*task).second ? std::nullopt : std::optional(next);
  }
  return running == next ? running : std::nullopt;
}

void PoolManager::on_server_lost() {
  server_.reset();
  last_trouble_ = oom_.explains_death(server_oom_kills_before_)
                      ? "the fork server died: memory was short, and the kernel killed a process "
                        "of its control group"
                      : "the fork server died";
  std::vector<os::WorkerReport> orphans;
  for (auto& [worker, seat] : seats_) {
    seat.killed_for = last_trouble_;
    // The kernel kills the workers of a dead server (PR_SET_PDEATHSIG).
    orphans.push_back(
        {os::WorkerReport::Kind::Killed, worker, static_cast<pid_t>(seat.pid), SIGKILL, {}, 0});
  }
  for (const auto& report : orphans) {
    on_exit(report);
  }
}

void PoolManager::drain_all() {
  std::vector<WorkerId> workers;
  for (const auto& [worker, seat] : seats_) {
    workers.push_back(worker);
  }
  for (const WorkerId worker : workers) {
    drain(worker);
  }
}

void PoolManager::report_starts(Clock::time_point now) {
  for (auto& [worker, seat] : seats_) {
    const auto running = seat.channel().running();
    if (running && *running == scheduler_.next_sequence(worker)) {
      // The worker's word, taken as far as it makes sense.
      const auto since = std::clamp(seat.channel().started_at(), Clock::time_point(), now);
      scheduler_.on_claimed(worker, *running, since, now);
    }
  }
}

}  // namespace bulkhead::executors
