// The fake workers: what they do by chance, and what the scheduler is told of it.

#include <chrono>
#include <utility>

#include "scheduling/fake_pool.h"

namespace bulkhead::scheduling {

using std::chrono::microseconds;

// ---- the workers ----

bool FakePool::step(WorkerId id) {
  Worker& worker = workers_.at(id);
  if (worker.life == Life::Dead || worker.is_frozen) {
    return false;
  }
  if (worker.life == Life::Starting) {
    end_start(id, worker);
    return true;
  }
  if (worker.phase == Phase::Claimed) {
    look_at_ban(id, worker);
    return true;
  }
  if (worker.was_terminated && chance(50)) {
    if (worker.phase == Phase::Running) {
      check_is_meant(worker, worker.position);
    }
    die(id, worker);
    return true;
  }
  if (worker.phase == Phase::Running) {
    const Task& task = tasks_[worker.stream[worker.position].task];
    if (worker.asked_to_stop == worker.position && chance(30)) {
      worker.reports.push_back(Report::Stopped);
      ++worker.position;
      worker.phase = Phase::Resting;
      return true;
    }
    const bool hangs = task.traits.timeout > Duration(0) && (task.starts + id) % 5 == 1;
    if (!hangs && !chance(misbehaviour_.slowness)) {
      end_run(id, worker);
    }
    return !hangs;
  }
  if (worker.is_leaving) {
    die(id, worker);
    return true;
  }
  if (worker.reports.empty() && chance(misbehaviour_.departure)) {
    leave(id, worker);
    return true;
  }
  if (worker.position < worker.stream.size()) {
    worker.claimed = worker.position;
    worker.claimed_since = now_;
    worker.phase = Phase::Claimed;
    return true;
  }
  if (worker.is_retiring || chance(misbehaviour_.death)) {
    die(id, worker);
    return true;
  }
  return false;
}

void FakePool::end_start(WorkerId id, Worker& worker) {
  if (chance(misbehaviour_.failed_start)) {
    die(id, worker);
    return;
  }
  worker.life = Life::Alive;
  tell(name(id) + " is ready");
  scheduler_.on_worker_ready(id, now_);
  note_commands();
}

void FakePool::look_at_ban(WorkerId id, Worker& worker) {
  const Place& place = worker.stream[worker.position];
  if (place.is_banned) {
    worker.reports.push_back(Report::Skip);
    ++worker.position;
    worker.phase = Phase::Resting;
    return;
  }
  if (chance(misbehaviour_.death)) {
    die(id, worker);
    return;
  }
  Task& task = tasks_[place.task];
  tell(name(id) + " runs " + std::to_string(place.task));
  worker.phase = Phase::Running;
  if (worker.was_terminated) {
    check_is_meant(worker, worker.position);
  }
  check(!task.is_over, "a task that is over is not started");
  check(task.worker == id, "a task is started only where it is in flight");
  check(task.starts < 1 + task.traits.retries, "a task is started at most 1 + retries times");
  ++worker.runs;
  check(options_.max_tasks_per_worker == 0 || worker.runs <= options_.max_tasks_per_worker,
        "no worker runs more tasks than it may");
  check(task.starts == 0 || worker.stream.size() == worker.position + 1, "a retry runs alone");
  ++task.starts;
  task.last_worker = id;
}

void FakePool::end_run(WorkerId id, Worker& worker) {
  if (chance(misbehaviour_.crash)) {
    die(id, worker);
    return;
  }
  worker.reports.push_back(chance(misbehaviour_.failure) ? Report::Exception : Report::Result);
  ++worker.position;
  worker.phase = Phase::Resting;
}

void FakePool::die(WorkerId id, Worker& worker) {
  tell(name(id) + " dies");
  worker.life = Life::Dead;
}

void FakePool::leave(WorkerId id, Worker& worker) {
  tell(name(id) + " leaves");
  worker.is_leaving = true;
  worker.is_condemned = true;
  scheduler_.on_worker_leaving(id, now_);
  note_commands();
}

bool FakePool::read_reports(WorkerId id) {
  Worker& worker = workers_.at(id);
  if (worker.reports.empty()) {
    if (worker.life == Life::Dead) {
      report_exit(id);
      return true;
    }
    return false;
  }
  const Report report = worker.reports.front();
  const bool is_believed =
      report == Report::Result ? read_results(id, worker) : read_report(id, worker, report);
  check(is_believed, "an honest worker is believed");
  note_commands();
  check(workers_.contains(id) && scheduler_.next_sequence(id) == worker.reported,
        "the scheduler knows how far a worker is");
  return true;
}

void FakePool::end_task(WorkerId id, Worker& worker) {
  const TaskId id_of_task = worker.stream[worker.reported].task;
  Task& task = tasks_[id_of_task];
  check(scheduler_.task_at(id, worker.reported) == id_of_task, "results come in order");
  check(!task.is_over, "a result is the first outcome");
  task.is_over = true;
  task.worker = 0;
}

bool FakePool::read_results(WorkerId id, Worker& worker) {
  std::uint32_t count = 0;
  do {
    end_task(id, worker);
    worker.reports.pop_front();
    ++worker.reported;
    ++count;
  } while (!worker.reports.empty() && worker.reports.front() == Report::Result && chance(80));
  tell(name(id) + " reports results: " + std::to_string(count));
  return scheduler_.on_finished(id, count, microseconds(below(60)), now_);
}

bool FakePool::read_report(WorkerId id, Worker& worker, Report report) {
  worker.reports.pop_front();
  if (report == Report::Exception) {
    return read_exception(id, worker);
  }
  const Place& place = worker.stream[worker.reported++];
  if (!place.is_revoked) {
    leave_worker(place.task);
  }
  const bool is_skip = report == Report::Skip;
  tell(name(id) + (is_skip ? " reports a skip" : " reports that it stopped"));
  return is_skip ? scheduler_.on_skipped(id, now_) : scheduler_.on_stopped(id, now_);
}

bool FakePool::read_exception(WorkerId id, Worker& worker) {
  const TaskId id_of_task = worker.stream[worker.reported].task;
  Task& task = tasks_[id_of_task];
  tell(name(id) + " reports an exception");
  if (!scheduler_.on_failed(id, now_)) {
    end_task(id, worker);
    ++worker.reported;
    check(!task.traits.retries_failures || task.starts > task.traits.retries || task.was_doomed ||
              is_cancelling_,
          "retries are used for exceptions that are to be retried");
    return scheduler_.on_finished(id, 1, microseconds(below(60)), now_);
  }
  ++worker.reported;
  check(task.traits.retries_failures, "exceptions are retried only if that was asked");
  check(scheduler_.failed_runs(id_of_task) == task.starts, "the attempts are counted");
  leave_worker(id_of_task);
  task.not_before = now_ + task.traits.retry_delay;
  return true;
}

void FakePool::report_exit(WorkerId id) {
  const Worker worker = std::move(workers_.extract(id).mapped());
  std::optional<Sequence> running;
  if (worker.phase == Phase::Running) {
    running = worker.position;
  }
  for (auto& [task_id, task] : tasks_) {
    if (task.worker == id) {
      leave_worker(task_id);
    }
  }
  tell(name(id) + " is gone");
  scheduler_.on_worker_exited(id, running, now_);
  note_commands();
}

void FakePool::leave_worker(TaskId id) {
  Task& task = tasks_[id];
  task.worker = 0;
  if (task.starts == 0) {
    pending_.insert(rank(id));
  }
}

void FakePool::try_to_lie(WorkerId id) {
  const Worker& worker = workers_.at(id);
  const auto places = static_cast<std::uint32_t>(worker.stream.size() - worker.reported);
  if (commands_.empty()) {
    check(!scheduler_.on_finished(id, places + 1, Duration(1), now_), "too many results are a lie");
  }
  if (places > 0 && !worker.stream[worker.reported].is_banned) {
    check(!scheduler_.on_skipped(id, now_), "skipping what was not revoked is a lie");
  }
  if (!asked_.contains({id, worker.reported})) {
    check(!scheduler_.on_stopped(id, now_), "stopping without having been asked is a lie");
  }
  check(scheduler_.take_commands().empty(), "a lie changes nothing");
}

}  // namespace bulkhead::scheduling
