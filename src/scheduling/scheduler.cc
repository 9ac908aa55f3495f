#include "scheduling/scheduler.h"

#include <algorithm>
#include <utility>

namespace bulkhead::scheduling {
namespace {

SchedulerOptions at_least_one(SchedulerOptions options) {
  options.max_workers = std::max(options.max_workers, 1U);
  options.max_in_flight = std::max(options.max_in_flight, 1U);
  return options;
}

}  // namespace

Scheduler::Scheduler(SchedulerOptions options)
    : options_(at_least_one(options)), sizer_(options_.max_workers) {}

// ---- events ----

void Scheduler::on_submitted(const TaskSpan& tasks, Time now) {
  if (is_shut_down_ || is_broken_) {
    give_up(tasks, is_shut_down_ ? Verdict::Cancelled : Verdict::Broken);
    return;
  }
  if (tasks.traits.priority > lowest_priority_) {
    overtake(tasks);
  }
  lowest_priority_ = std::min(lowest_priority_, tasks.traits.priority);
  limits_.on_submitted(tasks.traits);
  queue_.push(tasks);
  settle(now);
}

bool Scheduler::queue_behind(const TaskSpan& tasks) {
  // What waits has waited since the last event, which placed all that could be placed.
  const bool must_wait = has_placeable() && tasks.traits.priority <= lowest_priority_;
  if (!must_wait || is_shut_down_ || is_broken_) {
    return false;
  }
  lowest_priority_ = tasks.traits.priority;
  limits_.on_submitted(tasks.traits);
  queue_.push(tasks);
  return true;
}

void Scheduler::on_cancel_requested(const TaskRange& tasks, Time now) {
  cancel(tasks);
  settle(now);
}

void Scheduler::on_kill_requested(const TaskRange& tasks, Time now) {
  kill_tasks(tasks, now);
  settle(now);
}

void Scheduler::on_revoke_answered(WorkerId id, std::optional<Sequence> claimed, Time now) {
  Worker* worker = find(id);
  if (worker == nullptr || worker->revokes.empty()) {
    return;
  }
  const PendingRevoke revoke = worker->revokes.front();
  worker->revokes.pop_front();
  const bool is_lie = claimed && *claimed >= worker->stream.end();
  if (claimed) {
    worker->stream.on_ready(now);
    worker->stream.on_claimed(*claimed, now);
  }
  take_back(*worker, revoke, now);
  if (is_lie) {
    kill(*worker);
  }
  switch (revoke.purpose) {
    case Purpose::Cancel:
    case Purpose::Kill:
    case Purpose::Overtake:
    case Purpose::Shutdown:
    case Purpose::Departure:
      break;
    case Purpose::Steal:
      robbed_.reset();
      break;
    case Purpose::Stop:
      decide_on_stop(*worker, now);
      break;
    case Purpose::Silence:
      decide_on_silence(*worker, now);
      break;
  }
  settle(now);
}

void Scheduler::on_worker_ready(WorkerId id, Time now) {
  if (Worker* worker = find(id)) {
    worker->stream.on_ready(now);
    settle(now);
  }
}

bool Scheduler::on_finished(WorkerId id, std::uint32_t count, Duration mean_run_time, Time now) {
  Worker* worker = find(id);
  if (worker == nullptr || !worker->stream.can_finish(count)) {
    return false;
  }
  if (count == 0) {
    return true;
  }
  worker->stream.on_ready(now);
  if (worker->runs_retry) {
    failed_runs_.erase(*worker->stream.task_at(worker->stream.first()));
  }
  if (const auto traits = worker->stream.finish(count, now)) {
    sizer_.on_measured(traits->function, mean_run_time);
    limits_.on_measured(cohort_of(*traits), mean_run_time, count);
  }
  worker->ended_tasks += count;
  note_place_over(*worker);
  note_progress(*worker);
  settle(now);
  return true;
}

bool Scheduler::on_skipped(WorkerId id, Time now) {
  Worker* worker = find(id);
  if (worker == nullptr || !worker->stream.can_skip()) {
    return false;
  }
  worker->stream.on_ready(now);
  const Stop* stop = stop_of(*worker, worker->stream.first());
  const bool is_unwanted = stop != nullptr && stop->verdict == Verdict::Cancelled;
  if (const auto task = worker->stream.skip(now)) {
    is_unwanted ? finish(task->first, Verdict::Cancelled) : put_back(*task);
  }
  note_place_over(*worker);
  settle(now);
  return true;
}

void Scheduler::on_claimed(WorkerId id, Sequence sequence, Time since, Time now) {
  Worker* worker = find(id);
  if (worker == nullptr) {
    return;
  }
  worker->stream.on_ready(now);
  worker->stream.on_claimed(sequence, std::min(since, now));
}

void Scheduler::on_worker_exited(WorkerId id, std::optional<Sequence> running, Time now) {
  const auto node = workers_.extract(id);
  if (node.empty()) {
    return;
  }
  Worker& worker = node.mapped();
  drop_commands_for(id);
  if (robbed_ == id) {
    robbed_.reset();
  }
  const std::optional<Sequence> culprit = worker.stream.under_way(running);
  if (culprit) {
    blame(worker, *culprit, now);
  }
  for (const Stop& stop : worker.stops) {
    if (stop.verdict == Verdict::Cancelled && worker.stream.task_at(stop.place)) {
      finish(worker.stream.take(stop.place).first, Verdict::Cancelled);  // It was not started.
    }
  }
  for (const TaskSpan& tasks : worker.stream.take_all()) {
    put_back(tasks);
  }
  for (const PendingRevoke& revoke : worker.revokes) {
    if (revoke.purpose == Purpose::Cancel) {
      cancel(revoke.tasks);
    } else if (revoke.purpose == Purpose::Kill) {
      kill_tasks(revoke.tasks, now);
    }
  }
  note_exit(worker, now);
  if (has_surplus_) {
    choose_surplus();  // One that was to leave may take the place of this one.
  }
  settle(now);
}

void Scheduler::on_time(Time now) {
  for (auto& [id, worker] : workers_) {
    judge(worker, now);
  }
  settle(now);
}

void Scheduler::on_shutdown(bool cancel_pending, Time now) {
  is_shut_down_ = true;
  if (cancel_pending && !is_cancelling_) {
    is_cancelling_ = true;
    cancel_all();
  }
  settle(now);
}

// ---- what the executor asks ----

std::vector<Command> Scheduler::take_commands() {
  return std::exchange(commands_, {});
}

std::optional<Time> Scheduler::next_deadline() const {
  std::optional<Time> next;
  const auto consider = [&next](std::optional<Time> time) {
    if (time && (!next || *time < *next)) {
      next = time;
    }
  };
  for (const auto& [id, worker] : workers_) {
    if (!worker.stops.empty() && worker.stops.back().next) {
      consider(worker.stops.back().next);
    } else if (worker.mode == Mode::Open) {
      consider(worker.stream.deadline(limits_));
      consider(idle_limit(worker));
    }
  }
  if (!delayed_.empty()) {
    consider(delayed_.begin()->first);
  }
  if ((has_placeable() || missing_workers_ > 0) && wants_start() &&
      starts_.not_before() > Time::min()) {
    consider(starts_.not_before());
  }
  consider(next_rescue());
  return next;
}

std::optional<TaskId> Scheduler::task_at(WorkerId id, Sequence sequence) const {
  const Worker* worker = find(id);
  return worker == nullptr ? std::nullopt : worker->stream.task_at(sequence);
}

std::optional<TaskSpan> Scheduler::next_tasks(WorkerId id) const {
  const Worker* worker = find(id);
  return worker == nullptr ? std::nullopt : worker->stream.first_tasks();
}

Sequence Scheduler::next_sequence(WorkerId id) const {
  const Worker* worker = find(id);
  return worker == nullptr ? 0 : worker->stream.first();
}

std::size_t Scheduler::appetite(FunctionId function, std::uint32_t chunk_size) const {
  const std::size_t chunk = chunk_size != 0 ? chunk_size : sizer_.full_chunk_size(function);
  return std::size_t{4} * options_.max_workers * chunk;
}

std::optional<Scheduler::Whereabouts> Scheduler::whereabouts(TaskId task) const {
  for (const auto& [id, worker] : workers_) {
    if (const auto place = worker.stream.find_live(task)) {
      return Whereabouts{id, *place};
    }
  }
  return std::nullopt;
}

unsigned Scheduler::failed_runs(TaskId task) const {
  const auto it = failed_runs_.find(task);
  return it == failed_runs_.end() ? 0 : it->second.count;
}

std::size_t Scheduler::queued_tasks() const {
  return queue_.size() + retries_.size() + delayed_.size();
}

std::size_t Scheduler::in_flight_tasks() const {
  std::size_t tasks = 0;
  for (const auto& [id, worker] : workers_) {
    tasks += worker.stream.live();
  }
  return tasks;
}

bool Scheduler::is_broken() const {
  return is_broken_;
}

bool Scheduler::is_finished() const {
  return is_shut_down_ && workers_.empty() && queued_tasks() == 0;
}

Scheduler::Worker* Scheduler::find(WorkerId id) {
  const auto it = workers_.find(id);
  return it == workers_.end() ? nullptr : &it->second;
}

const Scheduler::Worker* Scheduler::find(WorkerId id) const {
  const auto it = workers_.find(id);
  return it == workers_.end() ? nullptr : &it->second;
}

}  // namespace bulkhead::scheduling
