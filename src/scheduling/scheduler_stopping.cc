// How the scheduler ends a run that is not wanted any more or has passed its limit, and what
// becomes of tasks whose runs failed.

#include <algorithm>

#include "scheduling/scheduler.h"

namespace bulkhead::scheduling {
namespace {

// What a worker has to clean up after SIGTERM, at most; no more than the grace of its task.
constexpr Duration kTimeAfterTerminate = std::chrono::milliseconds(100);

/// The delay, doubled for each run that failed but the first.
Duration backed_off(Duration delay, unsigned failed_runs) {
  constexpr Duration kLongest = std::chrono::hours(24);
  for (unsigned run = 1; run < failed_runs && delay < kLongest; ++run) {
    delay *= 2;
  }
  return delay;
}

}  // namespace

bool Scheduler::on_stopped(WorkerId id, Time now) {
  Worker* worker = find(id);
  if (worker == nullptr || !worker->stream.can_finish(1)) {
    return false;
  }
  const Stop* stop = stop_of(*worker, worker->stream.first());
  if (stop == nullptr || !stop->was_requested) {
    return false;
  }
  end_run(*worker, stop->place, stop->verdict, now);
  worker->stream.skip(now);
  worker->ended_tasks += 1;
  note_place_over(*worker);
  note_progress(*worker);
  settle(now);
  return true;
}

bool Scheduler::on_failed(WorkerId id, Time now) {
  Worker* worker = find(id);
  if (worker == nullptr || !worker->stream.can_finish(1) ||
      !is_retried(*worker, worker->stream.first(), /*is_crash=*/false)) {
    return false;
  }
  const TaskSpan task = worker->stream.take(worker->stream.first());
  worker->stream.skip(now);
  schedule_retry(*worker, task, now);
  worker->ended_tasks += 1;
  note_place_over(*worker);
  note_progress(*worker);
  settle(now);
  return true;
}

// ---- stopping one run ----

void Scheduler::kill_tasks(const TaskRange& tasks, Time now) {
  for (const TaskSpan& waiting : take_waiting(tasks)) {
    finish_all(waiting, Verdict::Cancelled);
  }
  revoke_assigned(tasks, Purpose::Kill);  // The answer tells whether one of them runs.
  for (auto& [id, worker] : workers_) {
    const auto place = worker.stream.claimed_live();
    if (place && !worker.stream.is_assigned(*place) &&
        tasks.holds(*worker.stream.task_at(*place))) {
      stop(worker, *place, Verdict::Cancelled, now);
    }
  }
}

void Scheduler::stop(Worker& worker, Sequence place, Verdict verdict, Time now) {
  // A worker that has gone on has the result of this place on its way.
  if (worker.stream.claimed_live() != place || worker.mode != Mode::Open ||
      stop_of(worker, place) != nullptr) {
    return;
  }
  Stop& stop = worker.stops.emplace_back(Stop{.place = place, .verdict = verdict});
  const Duration grace = worker.stream.traits_at(place).grace;
  if (grace <= Duration::zero()) {
    harden_stop(worker, now);
    return;
  }
  stop.was_requested = true;
  stop.next = saturating_add(now, grace);
  commands_.emplace_back(RequestStop{worker.id, place});
}

void Scheduler::harden_stop(Worker& worker, Time now) {
  Stop& stop = worker.stops.back();
  stop.next.reset();
  if (worker.mode == Mode::Terminated) {
    kill(worker);
    return;
  }
  if (worker.stream.claimed() != stop.place) {
    return;  // It ended in the meantime: its result is on the way.
  }
  // Whatever else is in flight must be safe before the signal. The answer also tells whether the
  // worker has gone on in the meantime.
  worker.mode = Mode::Closing;
  const PlaceRange others = worker.stream.assigned_from(stop.place + 1);
  if (!others.is_empty()) {
    request_revoke(worker, others, Purpose::Stop);
  } else {
    end_patience(worker, now);
  }
}

void Scheduler::decide_on_stop(Worker& worker, Time now) {
  if (worker.mode != Mode::Closing) {
    return;
  }
  if (worker.stops.empty() || worker.stream.claimed() != worker.stops.back().place) {
    worker.mode = Mode::Open;  // It ended in the meantime: its result is on the way.
    return;
  }
  end_patience(worker, now);
}

void Scheduler::end_patience(Worker& worker, Time now) {
  Stop& stop = worker.stops.back();
  if (!stop.was_requested) {
    kill(worker);
    return;
  }
  worker.mode = Mode::Terminated;
  const Duration grace = worker.stream.traits_at(stop.place).grace;
  stop.next = saturating_add(now, std::min(grace, kTimeAfterTerminate));
  commands_.emplace_back(Terminate{worker.id});
}

void Scheduler::note_place_over(Worker& worker) {
  worker.idle_rank = next_idle_rank_++;
  if (worker.stops.empty()) {
    return;
  }
  while (!worker.stops.empty() && worker.stops.front().place < worker.stream.first()) {
    worker.stops.pop_front();
  }
  if (worker.mode == Mode::Terminated && worker.stops.empty()) {
    kill(worker);  // The signal may still be on its way, and must not hit another task.
  }
}

const Scheduler::Stop* Scheduler::stop_of(const Worker& worker, Sequence place) {
  const auto it = std::find_if(worker.stops.begin(), worker.stops.end(),
                               [place](const Stop& stop) { return stop.place == place; });
  return it == worker.stops.end() ? nullptr : &*it;
}

// ---- runs that failed ----

void Scheduler::end_run(Worker& worker, Sequence place, Verdict verdict, Time now) {
  const bool is_crash = verdict == Verdict::Crashed;
  const bool again = is_retried(worker, place, is_crash);
  const Overrun overrun =
      verdict == Verdict::TimedOut
          ? Overrun{limits_.of(worker.stream.traits_at(place)), worker.stream.run_time(place, now)}
          : Overrun{};
  const TaskSpan task = worker.stream.take(place);
  if (again) {
    schedule_retry(worker, task, now);
    commands_.emplace_back(
        RecordRetry{task.first, verdict, worker.id, failed_runs_.at(task.first).count, overrun});
    return;
  }
  FailedRuns& runs = failed_runs_[task.first];
  runs.count += 1;
  runs.worker = worker.id;
  finish(task.first, verdict, overrun);
}

bool Scheduler::retries_failures(WorkerId id, Sequence place) const {
  const Worker* worker = find(id);
  return worker != nullptr && worker->stream.task_at(place) &&
         worker->stream.traits_at(place).retries_failures;
}

bool Scheduler::is_retried(const Worker& worker, Sequence place, bool is_crash) const {
  const TaskTraits& traits = worker.stream.traits_at(place);
  if (traits.retries == 0 || is_cancelling_ || (!is_crash && !traits.retries_failures)) {
    return false;
  }
  const Stop* stop = stop_of(worker, place);
  const bool is_unwanted = stop != nullptr && stop->verdict == Verdict::Cancelled;
  return !is_unwanted && failed_runs(*worker.stream.task_at(place)) < traits.retries;
}

void Scheduler::schedule_retry(const Worker& worker, const TaskSpan& task, Time now) {
  FailedRuns& runs = failed_runs_[task.first];
  runs.count += 1;
  runs.worker = worker.id;
  const Duration delay = backed_off(task.traits.retry_delay, runs.count);
  if (delay <= Duration::zero()) {
    retries_.push(task);
  } else {
    delayed_.emplace(saturating_add(now, delay), task);
  }
}

}  // namespace bulkhead::scheduling
