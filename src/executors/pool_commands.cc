// What the scheduler decided, carried out.

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>
#include <variant>

#include "executors/pool_manager.h"
#include "executors/shared_values.h"
#include "executors/start_server.h"
#include "executors/worker_life.h"
#include "os/threads.h"

namespace bulkhead::executors {

namespace {
constexpr const char* kStopped = "the pool stopped it";
/// Between two tries of what the system has no room for: somebody else's work makes it.
constexpr auto kShortagePause = std::chrono::milliseconds(10);
}  // namespace

void PoolManager::carry_out_commands() {
  start_postponed();
  for (;;) {
    const auto commands = scheduler_.take_commands();
    if (commands.empty()) {
      break;
    }
    for (const auto& command : commands) {
      std::visit([this](const auto& c) { carry_out(c); }, command);
    }
  }
  send_forgotten();
  flush_dirty();
  const auto alarm = next_alarm();
  if (alarm != alarm_) {
    alarm_ = alarm;
    poller_.set_alarm(alarm);
  }
}

std::optional<PoolManager::Clock::time_point> PoolManager::next_alarm() const {
  auto first = scheduler_.next_deadline();
  const auto consider = [&first](const std::optional<Clock::time_point>& other) {
    if (other && (!first || *other < *first)) {
      first = other;
    }
  };
  for (const auto& [worker, seat] : seats_) {
    consider(seat.leave_by);
  }
  consider(flush_again_at_);
  return first;
}

void PoolManager::kill_overdue(Clock::time_point now) {
  for (auto& [worker, seat] : seats_) {
    if (seat.leave_by && *seat.leave_by <= now) {
      seat.leave_by.reset();
      kill_worker(seat, worker, "it did not leave in time");
    }
  }
}

void PoolManager::carry_out(const scheduling::StartWorker& command) {
  auto error = take_seat(command.worker);
  if (!error) {
    error = start_worker(command.worker);
  }
  if (error) {
    fail_start(command.worker, *error);
  }
}

void PoolManager::fail_start(WorkerId worker, const os::SystemError& error) {
  last_trouble_ = error.message();
  dirty_.erase(worker);
  seats_.erase(worker);
  has_news_ = true;
  scheduler_.on_worker_exited(worker, std::nullopt, Clock::now());
}

std::optional<os::SystemError> PoolManager::take_seat(WorkerId worker) {
  auto channel = transport::ProgramEnd::create("bulkhead-w" + std::to_string(worker));
  if (!channel) {
    return std::move(channel).error();
  }
  const unsigned index = free_index();
  auto& seat = seats_.emplace(worker, std::move(*channel)).first->second;
  seat.index = index;
  seat.oom_kills_before = oom_.kills_so_far();
  seat.send_setup(encode_setup(options_, index, nesting_depth() + 1));
  dirty_.insert(worker);
  if (auto watched = poller_.watch(seat.channel().doorbell(), worker); !watched) {
    return std::move(watched).error();
  }
  return std::nullopt;
}

std::optional<os::SystemError> PoolManager::start_worker(WorkerId worker) {
  if (!server_ && options_.start_method == StartMethod::Fork && os::is_library_thread()) {
    // Only the program's own thread may fork the program: it does when it comes here next. Requests
    // can be sent meanwhile, the channel is there.
    postponed_starts_.push_back(worker);
    has_news_ = true;  // It may be here already, asleep as the pump.
    return std::nullopt;
  }
  if (auto error = keep_server()) {
    return error;
  }
  const auto& channel = seats_.at(worker).channel();
  auto asked = server_->start_worker({worker, channel.request_memory(), channel.reply_memory(),
                                      channel.doorbell(), channel.handover()});
  if (!asked) {
    return std::move(asked).error();
  }
  return std::nullopt;
}

std::optional<os::SystemError> PoolManager::keep_server() {
  if (server_) {
    return std::nullopt;
  }
  if (options_.start_method == StartMethod::Fork && !is_safe_to_fork()) {
    return os::SystemError{EAGAIN, "replace the dead fork server of a program with threads"};
  }
  auto server = start_server(options_.start_method);
  if (!server) {
    return std::move(server).error();
  }
  server_.emplace(std::move(*server));
  server_oom_kills_before_ = oom_.kills_so_far();
  watch_server();
  return std::nullopt;
}

void PoolManager::start_postponed() {
  if (postponed_starts_.empty() || os::is_library_thread()) {
    return;
  }
  for (const WorkerId worker : std::exchange(postponed_starts_, {})) {
    if (!seats_.contains(worker)) {
      continue;
    }
    if (const auto error = start_worker(worker)) {
      fail_start(worker, *error);
    }
  }
}

void PoolManager::carry_out(const scheduling::Assign& command) {
  const auto seat = seats_.find(command.worker);
  if (seat == seats_.end()) {
    return;  // It could not be started; the scheduler knows.
  }
  // A retry travels alone, so that this is true of all tasks of the command.
  seat->second.channel().set_failed_runs(scheduler_.failed_runs(command.tasks.first));
  const std::uint64_t end = command.tasks.first + command.tasks.count;
  for (std::uint64_t id = command.tasks.first; id < end;) {
    const auto task = tasks_.at(id);
    const std::size_t count = std::min<std::size_t>(task.left(), end - id);
    seat->second.send_calls(task.group, task.index, count);
    id += count;
  }
  dirty_.insert(command.worker);
}

void PoolManager::carry_out(const scheduling::Revoke& command) {
  const auto seat = seats_.find(command.worker);
  if (seat != seats_.end()) {
    const auto claimed = seat->second.ban(command.first, command.end);
    scheduler_.on_revoke_answered(command.worker, claimed, Clock::now());
  }
}

void PoolManager::carry_out(const scheduling::RequestStop& command) {
  const auto seat = seats_.find(command.worker);
  if (seat != seats_.end()) {
    seat->second.channel().request_stop(command.place);
  }
}

void PoolManager::carry_out(const scheduling::Terminate& command) {
  const auto seat = seats_.find(command.worker);
  if (seat != seats_.end() && server_) {
    seat->second.killed_for = kStopped;
    [[maybe_unused]] const auto asked = server_->terminate_worker(command.worker);
  }
}

void PoolManager::carry_out(const scheduling::Kill& command) {
  const auto seat = seats_.find(command.worker);
  if (seat != seats_.end()) {
    kill_worker(seat->second, command.worker, kStopped);
  }
}

void PoolManager::kill_worker(WorkerSeat& seat, WorkerId worker, std::string reason) {
  seat.killed_for = std::move(reason);
  if (server_) {
    // A server that is gone has taken the worker along, and its end will be read from the socket.
    [[maybe_unused]] const auto asked = server_->kill_worker(worker);
  }
}

void PoolManager::carry_out(const scheduling::Retire& command) {
  const auto seat = seats_.find(command.worker);
  if (seat != seats_.end()) {
    seat->second.send_stop();
    seat->second.must_leave_within(options_.leave_limit);
    dirty_.insert(command.worker);
    count_departure(command.reason);
  }
}

void PoolManager::carry_out(const scheduling::RecordRetry& command) {
  failed_runs_[command.task].push_back(failed_run(
      {command.task, command.verdict, command.worker, command.attempts, command.overrun}));
}

void PoolManager::carry_out(const scheduling::Finish& command) {
  fail(command.task, failure_of(command));
}

Failure PoolManager::failure_of(const scheduling::Finish& command) {
  if (command.verdict != scheduling::Verdict::NotRetried) {
    return failed_run(command);
  }
  auto& failed_runs = failed_runs_.at(command.task);
  Failure last = std::move(failed_runs.back());
  failed_runs.pop_back();
  return last;
}

Failure PoolManager::failed_run(const scheduling::Finish& command) {
  using scheduling::Verdict;
  Failure failure{.attempts = command.attempts};
  switch (command.verdict) {
    case Verdict::Cancelled:
      failure.kind = FailureKind::Cancelled;
      break;
    case Verdict::TimedOut:
      failure.kind = FailureKind::TimedOut;
      failure.limit = command.overrun.limit;
      failure.elapsed = command.overrun.run_time;
      break;
    case Verdict::NotRetried:
    case Verdict::Crashed:
      failure.kind = FailureKind::Crashed;
      failure.signal = SIGKILL;
      break;
    case Verdict::Broken:
      failure.kind = FailureKind::Broken;
      failure.detail = last_trouble_;
      return failure;
  }
  const auto exit = exits_.find(command.worker);
  if (exit != exits_.end()) {
    describe(exit->second, failure);
  } else if (const auto seat = seats_.find(command.worker); seat != seats_.end()) {
    failure.pid = seat->second.pid;  // It stopped of its own accord, and lives.
  }
  return failure;
}

void PoolManager::send_forgotten() {
  for (const std::uint64_t number : functions_.take_forgotten()) {
    scheduler_.on_forgotten(number);
    for (auto& [worker, seat] : seats_) {
      seat.forget(number);
      dirty_.insert(worker);
    }
  }
  const std::uint64_t gone = detail::shared_memories_gone();
  if (std::exchange(shared_gone_, gone) == gone) {
    return;
  }
  for (auto& [worker, seat] : seats_) {
    if (seat.forget_shared()) {
      dirty_.insert(worker);
    }
  }
}

void PoolManager::flush_dirty() {
  flush_again_at_.reset();
  for (const WorkerId worker : std::exchange(dirty_, {})) {
    const auto seat = seats_.find(worker);
    if (seat == seats_.end() || seat->second.has_lied) {
      continue;
    }
    const auto flushed = seat->second.channel().flush();
    if (!flushed) {
      on_violation(worker, seat->second, flushed.error().rule);
    } else if (seat->second.channel().has_unwritten()) {
      dirty_.insert(worker);
      kick_.ring();
    } else if (seat->second.channel().lacks_resources()) {
      dirty_.insert(worker);
      flush_again_at_ = Clock::now() + kShortagePause;
    }
  }
}

}  // namespace bulkhead::executors
