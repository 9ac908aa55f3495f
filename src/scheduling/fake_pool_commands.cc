// The fake executor: notes each command when it is decided, carries it out later, judges it twice.

#include <iterator>
#include <utility>

#include "scheduling/fake_pool.h"

namespace bulkhead::scheduling {

// ---- the commands ----

void FakePool::note_commands() {
  for (const Command& command : scheduler_.take_commands()) {
    std::visit([this](const auto& content) { note(content); }, command);
    commands_.push_back(command);
  }
  check_rest();
}

void FakePool::note(const StartWorker& command) {
  tell("> start " + name(command.worker));
  announced_.insert(command.worker);
  check(scheduler_.live_workers() <= options_.max_workers,
        "there are never more workers than allowed");
}

void FakePool::note(const Assign& command) {
  tell("> assign " + name(command.worker) + " " + std::to_string(command.tasks.first) + "+" +
       std::to_string(command.tasks.count));
  for (TaskId id = command.tasks.first; id < command.tasks.first + command.tasks.count; ++id) {
    Task& task = tasks_[id];
    check(!task.is_over, "a task that is over is not assigned");
    check(task.worker == 0, "a task is in flight on one worker only");
    check(task.traits == command.tasks.traits, "a task keeps its traits");
    task.worker = command.worker;
    if (task.starts > 0) {
      check(command.tasks.count == 1, "a retry is assigned alone");
      check(now_ >= task.not_before, "a retry waits as long as was asked");
      check(scheduler_.next_sequence(command.worker) == command.first,
            "a retry is assigned to a worker with nothing in flight");
      continue;
    }
    check(!pending_.empty() && *pending_.begin() == rank(id),
          "tasks are assigned by priority, and in order among equals");
    pending_.erase(rank(id));
  }
}

void FakePool::note(const RequestStop& command) {
  tell("> ask " + name(command.worker) + " to stop " + std::to_string(command.place));
  asked_.emplace(command.worker, command.place);
}

void FakePool::note(const Terminate& command) {
  tell("> terminate " + name(command.worker));
}

void FakePool::note(const Kill& command) {
  tell("> kill " + name(command.worker));
  workers_.at(command.worker).is_condemned = true;
}

void FakePool::note(const Retire& command) {
  tell("> retire " + name(command.worker));
  const auto it = workers_.find(command.worker);
  if (it == workers_.end()) {
    return;
  }
  Worker& worker = it->second;
  check(!worker.is_condemned, "a worker is retired once");
  worker.is_condemned = true;
  switch (command.reason) {
    case Reason::Shutdown:
      check(is_shut_down_, "a worker is kept until shutdown");
      break;
    case Reason::Idle:
      check(options_.idle_timeout > Duration(0) && worker.reported == worker.stream.size(),
            "only idle workers leave");
      break;
    case Reason::Surplus:
      check(scheduler_.live_workers() > options_.max_workers, "only who is too many has to go");
      break;
    case Reason::UsedUp:
      check(worker.runs == options_.max_tasks_per_worker, "a worker runs all that it may");
      break;
  }
}

void FakePool::note(const RecordRetry& command) {
  tell("> retry " + std::to_string(command.task));
  Task& task = tasks_[command.task];
  check(!task.is_over, "a task that is over is not retried");
  check(command.attempts == task.starts, "the attempts are counted");
  check(command.worker == task.last_worker, "the worker that ran a task is named");
  check(command.attempts <= task.traits.retries, "a task is retried as often as was asked");
  check(command.verdict == Verdict::Crashed || task.traits.retries_failures,
        "timeouts are retried only if that was asked");
  task.not_before = now_ + task.traits.retry_delay;
}

void FakePool::note(const Finish& command) {
  tell("> finish " + std::to_string(command.task) + " verdict " +
       std::to_string(static_cast<int>(command.verdict)));
  Task& task = tasks_[command.task];
  check(!task.is_over, "a task has one outcome");
  check(command.attempts == task.starts, "the attempts are counted");
  check(command.worker == task.last_worker, "the worker that ran a task is named");
  task.is_over = true;
  task.worker = 0;
  pending_.erase(rank(command.task));
  const bool has_retry = task.starts <= task.traits.retries;
  switch (command.verdict) {
    case Verdict::Cancelled:
      check(task.starts == 0 || task.was_doomed, "a cancelled task was never started, or killed");
      check(task.was_unwanted || is_shut_down_, "only who asks is cancelled");
      break;
    case Verdict::TimedOut:
      check(task.starts > 0 && task.traits.timeout > Duration(0), "only what runs can time out");
      break;
    case Verdict::Crashed:
      check(task.starts > 0, "a task that was never started has not crashed");
      check(!has_retry || task.was_unwanted || is_cancelling_, "retries are used");
      break;
    case Verdict::NotRetried:
      check(task.starts > 0, "a task that was never started has not failed");
      check(task.was_unwanted || is_cancelling_, "retries are used");
      break;
    case Verdict::Broken:
      check(scheduler_.is_broken(), "only a broken pool gives up");
      check(misbehaviour_.failed_start + misbehaviour_.death > 0, "a healthy pool never breaks");
      break;
  }
}

void FakePool::carry_out_all() {
  while (!commands_.empty() && !broken_promise_) {
    const Command command = commands_.front();
    commands_.pop_front();
    std::visit([this](const auto& content) { carry_out(content); }, command);
    WorkerId id = 0;
    if (!is_quiet_ && chance(30) && random_worker(id) != nullptr &&
        workers_.at(id).life == Life::Alive) {
      step(id);
    }
  }
}

void FakePool::carry_out(const StartWorker& command) {
  announced_.erase(command.worker);
  workers_[command.worker];
  if (chance(misbehaviour_.failed_start / 4)) {
    workers_[command.worker].life = Life::Dead;
    report_exit(command.worker);
  }
}

void FakePool::carry_out(const Assign& command) {
  const auto it = workers_.find(command.worker);
  if (it == workers_.end()) {
    return;
  }
  std::vector<Place>& stream = it->second.stream;
  check(command.first == stream.size(), "places are numbered without gaps");
  for (std::uint32_t i = 0; i < command.tasks.count; ++i) {
    stream.push_back({.task = command.tasks.first + i});
  }
}

void FakePool::carry_out(const Revoke& command) {
  const auto it = workers_.find(command.worker);
  if (it == workers_.end()) {
    return;
  }
  Worker& worker = it->second;
  check(command.first < command.end && command.end <= worker.stream.size(), "a revoke has a range");
  for (Sequence place = command.first; place < command.end; ++place) {
    worker.stream[place].is_banned = true;
  }
  if (!is_quiet_ && chance(30) && worker.life == Life::Alive && worker.phase != Phase::Resting) {
    step(command.worker);
  }
  for (Sequence place = command.first; place < command.end; ++place) {
    Place& revoked = worker.stream[place];
    if (revoked.is_revoked || place < worker.reported ||
        (worker.claimed && place <= *worker.claimed)) {
      continue;
    }
    revoked.is_revoked = true;
    leave_worker(revoked.task);
  }
  tell(name(command.worker) + " is asked to leave out " + std::to_string(command.first) + " to " +
       std::to_string(command.end));
  scheduler_.on_revoke_answered(command.worker, worker.claimed, now_);
  note_commands();
}

void FakePool::carry_out(const RequestStop& command) {
  const auto it = workers_.find(command.worker);
  if (it == workers_.end()) {
    return;
  }
  if (it->second.claimed == command.place) {
    check_is_meant(it->second, command.place);
  }
  it->second.asked_to_stop = command.place;
}

void FakePool::carry_out(const Terminate& command) {
  const auto it = workers_.find(command.worker);
  if (it == workers_.end()) {
    return;
  }
  Worker& worker = it->second;
  check(!worker.was_terminated, "a worker is terminated once");
  if (worker.phase == Phase::Running && worker.life != Life::Dead) {
    check_is_meant(worker, worker.position);
  }
  worker.was_terminated = true;
}

void FakePool::carry_out(const Kill& command) {
  const auto it = workers_.find(command.worker);
  if (it == workers_.end()) {
    return;
  }
  Worker& worker = it->second;
  check(!worker.was_killed, "a worker is killed once");
  if (worker.phase == Phase::Running && worker.life != Life::Dead) {
    check_is_meant(worker, worker.position);
  }
  worker.was_killed = true;
  worker.life = Life::Dead;
}

void FakePool::carry_out(const Retire& command) {
  if (const auto it = workers_.find(command.worker); it != workers_.end()) {
    it->second.is_retiring = true;
  }
}

// ---- what is always true ----

void FakePool::check_is_meant(const Worker& worker, Sequence place) {
  const Task& task = tasks_[worker.stream[place].task];
  const Duration timeout = task.traits.timeout;
  const bool is_late = timeout > Duration(0) && now_ >= worker.claimed_since + timeout;
  check(is_late || task.was_doomed, "a signal never hits an innocent task");
}

void FakePool::check_rest() {
  if (chance(10)) {
    check_counts();
  }
  if (scheduler_.queued_tasks() == scheduler_.delayed_tasks() || !commands_.empty()) {
    return;
  }
  for (const auto& [id, worker] : workers_) {
    // One that was retired before its start was carried out is not condemned, only retiring.
    const bool is_to_leave = worker.is_condemned || worker.is_retiring;
    check(is_to_leave || worker.reported < worker.stream.size(), "nobody is idle while tasks wait");
  }
}

void FakePool::check_counts() {
  std::size_t in_flight = 0;
  std::size_t unfinished = 0;
  for (const auto& [id, task] : tasks_) {
    in_flight += task.worker != 0 ? 1U : 0U;
    unfinished += task.is_over ? 0U : 1U;
  }
  check(scheduler_.in_flight_tasks() == in_flight, "what is in flight is known");
  check(scheduler_.queued_tasks() == unfinished - in_flight, "what waits is known");
}

void FakePool::check(bool is_kept, const char* promise) {
  if (!is_kept && !broken_promise_) {
    broken_promise_ = promise;
    tell(std::string("BROKEN: ") + promise);
  }
}

void FakePool::tell(std::string line) {
  constexpr std::size_t kLongestStory = 60;
  if (story_.size() == kLongestStory) {
    story_.pop_front();
  }
  story_.push_back(std::move(line));
}

FakePool::Worker* FakePool::random_worker(WorkerId& id) {
  if (workers_.empty()) {
    return nullptr;
  }
  const auto it = std::next(workers_.begin(), static_cast<std::ptrdiff_t>(below(workers_.size())));
  id = it->first;
  return &it->second;
}

}  // namespace bulkhead::scheduling
