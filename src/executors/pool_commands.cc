// What the scheduler decided, carried out.

#include <csignal>
#include <utility>
#include <variant>

#include "executors/pool_manager.h"
#include "executors/start_server.h"

namespace bulkhead::executors {

void PoolManager::carry_out_commands() {
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
  const auto deadline = scheduler_.next_deadline();
  if (deadline != alarm_) {
    alarm_ = deadline;
    poller_.set_alarm(deadline);
  }
}

void PoolManager::carry_out(const scheduling::StartWorker& command) {
  if (const auto error = start_worker(command.worker)) {
    last_trouble_ = error->message();
    dirty_.erase(command.worker);
    seats_.erase(command.worker);
    scheduler_.on_worker_exited(command.worker, std::nullopt, Clock::now());
  }
}

std::optional<os::SystemError> PoolManager::start_worker(WorkerId worker) {
  if (!server_) {
    if (method_ == StartMethod::Fork && !is_safe_to_fork()) {
      return os::SystemError{0, "replace the fork server of a program with threads"};
    }
    auto server = start_server(method_);
    if (!server) {
      return std::move(server).error();
    }
    server_.emplace(std::move(*server));
    watch_server();
  }
  auto channel = transport::ProgramEnd::create("bulkhead-w" + std::to_string(worker));
  if (!channel) {
    return std::move(channel).error();
  }
  auto& seat = seats_.emplace(worker, std::move(*channel)).first->second;
  if (auto watched = poller_.watch(seat.channel().doorbell(), worker); !watched) {
    return std::move(watched).error();
  }
  if (auto asked =
          server_->start_worker({worker, seat.channel().request_memory(),
                                 seat.channel().reply_memory(), seat.channel().doorbell()});
      !asked) {
    return std::move(asked).error();
  }
  return std::nullopt;
}

void PoolManager::carry_out(const scheduling::Assign& command) {
  const auto seat = seats_.find(command.worker);
  if (seat == seats_.end()) {
    return;  // It could not be started; the scheduler knows.
  }
  for (std::uint32_t i = 0; i < command.tasks.count; ++i) {
    const Task& task = tasks_.at(command.tasks.first + i);
    seat->second.send_call(*task.function, task.arguments,
                           task.timeout > std::chrono::nanoseconds(0));
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

void PoolManager::carry_out(const scheduling::Kill& command) {
  if (server_) {
    // A server that is gone has taken the worker along, and its end will be read from the socket.
    [[maybe_unused]] const auto asked = server_->kill_worker(command.worker);
  }
}

void PoolManager::carry_out(const scheduling::Retire& command) {
  const auto seat = seats_.find(command.worker);
  if (seat != seats_.end()) {
    seat->second.send_stop();
    dirty_.insert(command.worker);
  }
}

void PoolManager::carry_out(const scheduling::Finish& command) {
  complete(command.task, Unexpected(failure_of(command)));
}

Failure PoolManager::failure_of(const scheduling::Finish& command) const {
  using scheduling::Verdict;
  Failure failure{.attempts = command.attempts};
  switch (command.verdict) {
    case Verdict::Cancelled:
      failure.kind = FailureKind::Cancelled;
      return failure;
    case Verdict::TimedOut:
      failure.kind = FailureKind::TimedOut;
      failure.limit = tasks_.at(command.task).timeout;
      break;
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
  if (exit == exits_.end()) {
    return failure;
  }
  failure.pid = exit->second.pid;
  if (command.verdict == Verdict::Crashed) {
    const bool exited = exit->second.kind == os::WorkerReport::Kind::Exited;
    failure.kind = exited ? FailureKind::Exited : FailureKind::Crashed;
    failure.exit_status = exited ? exit->second.status : 0;
    failure.signal = exited ? 0 : exit->second.status;
  }
  return failure;
}

void PoolManager::send_forgotten() {
  for (const std::uint64_t function : functions_.take_forgotten()) {
    scheduler_.on_function_forgotten(function);
    for (auto& [worker, seat] : seats_) {
      seat.forget(function);
      dirty_.insert(worker);
    }
  }
}

void PoolManager::flush_dirty() {
  for (const WorkerId worker : std::exchange(dirty_, {})) {
    const auto seat = seats_.find(worker);
    if (seat == seats_.end() || seat->second.has_lied) {
      continue;
    }
    if (const auto flushed = seat->second.channel().flush(); !flushed) {
      on_violation(worker, seat->second, flushed.error().rule);
    }
  }
}

}  // namespace bulkhead::executors
