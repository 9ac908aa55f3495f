// What happens to a pool, and what the scheduler is told of it.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <new>
#include <utility>

#include "executors/thrown.h"
#include "executors/pool_manager.h"

namespace bulkhead::executors {

using transport::FrameKind;

namespace {

/// Replies of one worker that are handled before the others have their turn.
constexpr int kRepliesPerTurn = 1024;

/// Workers that are gone and remembered: a pool that replaces its workers may see millions.
constexpr std::size_t kMostRemembered = 1000;

/// The next reply; one that does not fit into memory is as good as a lie.
auto receive(WorkerSeat& seat) {
  try {
    return seat.channel().receive();
  } catch (const std::bad_alloc&) {
    return decltype(seat.channel().receive())(
        Unexpected(transport::Violation{"a reply is too large for the memory"}));
  }
}

Failure exception_of(const Bytes& payload, int pid) {
  Failure failure;
  try {
    Decoder in(payload);
    failure = failure_of(detail::decode<Thrown>(in));
  } catch (const SerializationError& error) {
    failure = error.failure;
  }
  failure.pid = pid;
  return failure;
}

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
      has_news_ = true;  // Somebody may wait for the workers.
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
  while (drain(worker)) {
    // All that it published before it died counts.
  }
  auto& seat = seats_.at(worker);
  note_end(report, seat);
  const auto running = end_of_stream(worker, seat);
  crashed_ += running.has_value() ? 1 : 0;
  exits_.emplace(worker, ending_of(report, seat));
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
  last_trouble_ = "the fork server died";
  std::vector<os::WorkerReport> orphans;
  for (const auto& [worker, seat] : seats_) {
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

bool PoolManager::drain(WorkerId worker) {
  const auto found = seats_.find(worker);
  if (found == seats_.end() || found->second.has_lied) {
    return false;
  }
  WorkerSeat& seat = found->second;
  std::uint32_t finished = 0;
  int replies = 0;
  while (replies < kRepliesPerTurn && take_reply(worker, seat, finished)) {
    ++replies;
  }
  report_finished(worker, seat, finished);
  dirty_.insert(worker);  // There may be room now for requests that had to wait.
  // Only a look that found nothing makes sure that the doorbell will ring for the next reply.
  const bool looked_in_vain = replies < kRepliesPerTurn && !seat.channel().has_unread();
  if (seat.has_lied || looked_in_vain) {
    return false;
  }
  unread_.insert(worker);
  kick_.ring();
  return true;
}

void PoolManager::report_finished(WorkerId worker, WorkerSeat& seat, std::uint32_t& finished) {
  if (finished == 0) {
    return;
  }
  seat.finished_tasks += finished;
  completed_ += finished;
  if (!scheduler_.on_finished(worker, std::exchange(finished, 0), seat.mean_run_time(),
                              Clock::now())) {
    on_violation(worker, seat, "more results than calls");
  }
}

bool PoolManager::take_reply(WorkerId worker, WorkerSeat& seat, std::uint32_t& finished) {
  auto received = receive(seat);
  if (!received) {
    on_violation(worker, seat, received.error().rule);
    return false;
  }
  if (!*received) {
    return false;
  }
  auto& reply = **received;
  switch (reply.kind) {
    case FrameKind::Ready:
      seat.is_ready = true;
      scheduler_.on_worker_ready(worker, Clock::now());
      has_news_ = true;  // Somebody may wait for the workers.
      return true;
    case FrameKind::Result:
      return take_result(worker, seat, reply, finished);
    case FrameKind::Exception:
      return take_exception(worker, seat, reply, finished);
    case FrameKind::Skipped:
    case FrameKind::Stopped:
      report_finished(worker, seat, finished);
      return take_no_outcome(worker, seat, reply);
    case FrameKind::HookFailed:
      seat.trouble = exception_of(reply.payload, seat.pid).message();
      last_trouble_ = seat.trouble;
      return true;
    case FrameKind::Leaving:
      report_finished(worker, seat, finished);
      on_leaving(worker, seat);
      return true;
    case FrameKind::Setup:
    case FrameKind::Define:
    case FrameKind::Forget:
    case FrameKind::Call:
    case FrameKind::TimedCall:
    case FrameKind::Limit:
    case FrameKind::Stop:
      break;
  }
  on_violation(worker, seat, "a request instead of a reply");
  return false;
}

std::optional<std::uint64_t> PoolManager::task_of(WorkerId worker, WorkerSeat& seat,
                                                  std::uint64_t sequence, std::uint32_t finished) {
  const auto id = scheduler_.task_at(worker, sequence);
  if (sequence != scheduler_.next_sequence(worker) + finished || !id) {
    on_violation(worker, seat, "a result of a call that is not its turn");
    return std::nullopt;
  }
  seat.close_call(sequence);
  return id;
}

bool PoolManager::take_result(WorkerId worker, WorkerSeat& seat,
                              const transport::ProgramEnd::Reply& reply, std::uint32_t& finished) {
  const auto id = task_of(worker, seat, reply.value, finished);
  if (!id) {
    return false;
  }
  if (!failed_runs_.empty()) {
    failed_runs_.erase(*id);
  }
  const auto task = tasks_.at(*id);
  task.group->complete(task.index, reply.payload);
  tasks_.close(*id, 1);
  has_news_ = true;
  ++finished;
  return true;
}

bool PoolManager::take_exception(WorkerId worker, WorkerSeat& seat,
                                 const transport::ProgramEnd::Reply& reply,
                                 std::uint32_t& finished) {
  const auto id = task_of(worker, seat, reply.value, finished);
  if (!id) {
    return false;
  }
  Failure failure = exception_of(reply.payload, seat.pid);
  failure.attempts = scheduler_.failed_runs(*id) + 1;
  if (scheduler_.retries_failures(worker, reply.value)) {
    report_finished(worker, seat, finished);
    if (scheduler_.on_failed(worker, Clock::now())) {
      failed_runs_[*id].push_back(std::move(failure));
      return true;
    }
  }
  fail(*id, std::move(failure));
  ++finished;
  return true;
}

bool PoolManager::take_no_outcome(WorkerId worker, WorkerSeat& seat,
                                  const transport::ProgramEnd::Reply& reply) {
  const auto now = Clock::now();
  if (reply.value != scheduler_.next_sequence(worker) ||
      !(reply.kind == FrameKind::Skipped ? scheduler_.on_skipped(worker, now)
                                         : scheduler_.on_stopped(worker, now))) {
    on_violation(worker, seat, "a call ended without an outcome that was not told to");
    return false;
  }
  seat.close_call(reply.value);
  return true;
}

void PoolManager::on_violation(WorkerId worker, WorkerSeat& seat, const char* rule) {
  last_trouble_ = std::string("a worker broke the protocol: ") + rule;
  seat.has_lied = true;  // Nothing that it says is listened to any more.
  seat.broken_rule = rule;
  if (server_) {
    [[maybe_unused]] const auto asked = server_->kill_worker(worker);
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

void PoolManager::fail(std::uint64_t id, Failure failure) {
  if (!failed_runs_.empty()) {
    if (auto failed = failed_runs_.extract(id)) {
      failure.earlier = std::move(failed.mapped());
    }
  }
  const auto task = tasks_.at(id);
  task.group->fail(task.index, std::move(failure));
  tasks_.close(id, 1);
  suspects_.erase(id);
  has_news_ = true;
}

}  // namespace bulkhead::executors
