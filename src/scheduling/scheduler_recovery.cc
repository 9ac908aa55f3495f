// How the scheduler takes tasks back: from a user who does not want them any more, from workers
// that are late, and from workers that are gone. scheduler_stopping.cc says how one run is ended.

#include <algorithm>
#include <type_traits>
#include <variant>

#include "scheduling/scheduler.h"

namespace bulkhead::scheduling {
namespace {

/// To whom a command is addressed; 0: to no worker.
WorkerId addressee(const Command& command) {
  return std::visit(
      [](const auto& content) -> WorkerId {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(content)>, Finish>) {
          return 0;
        } else {
          return content.worker;
        }
      },
      command);
}

}  // namespace

void Scheduler::cancel(TaskId task) {
  if (remove_waiting(task)) {
    give_up({task, 1, {}}, Verdict::Cancelled);
    return;
  }
  for (auto& [id, worker] : workers_) {
    if (const auto place = worker.stream.find_assigned(task)) {
      request_revoke(worker, {*place, *place + 1}, Purpose::Cancel, task);
      return;
    }
  }
}

void Scheduler::cancel_all() {
  give_up_queued(Verdict::Cancelled);
  for (auto& [id, worker] : workers_) {
    const PlaceRange pending = worker.stream.assigned_from(worker.stream.first());
    if (!pending.is_empty()) {
      request_revoke(worker, pending, Purpose::Shutdown);
    }
  }
}

void Scheduler::request_revoke(Worker& worker, const PlaceRange& range, Purpose purpose,
                               TaskId task) {
  worker.revokes.push_back({range, purpose, task});
  commands_.emplace_back(Revoke{worker.id, range.first, range.end});
}

void Scheduler::take_back(Worker& worker, const PendingRevoke& revoke, Time now) {
  const Sequence first = revoke.range.first;
  const bool is_kill = revoke.purpose == Purpose::Kill;
  const bool is_cancel = revoke.purpose == Purpose::Cancel;
  // Another Revoke may have been answered first and have taken the task back into the queue.
  const bool is_elsewhere = (is_kill || is_cancel) && !worker.stream.task_at(first);
  for (const TaskSpan& tasks : worker.stream.revoke(revoke.range)) {
    if (is_kill) {
      finish(tasks.first, Verdict::Cancelled);
    } else {
      is_cancel ? give_up(tasks, Verdict::Cancelled) : put_back(tasks);
    }
  }
  if (is_kill) {
    is_elsewhere ? kill_task(revoke.task, now) : stop(worker, first, Verdict::Cancelled, now);
  } else if (is_elsewhere) {
    cancel(revoke.task);
  }
}

void Scheduler::put_back(const TaskSpan& tasks) {
  if (is_cancelling_) {
    give_up(tasks, Verdict::Cancelled);
  } else if (failed_runs_.contains(tasks.first)) {
    retries_.push(tasks);  // A retry travels alone, so the first is the only one.
  } else {
    queue_.push(tasks);
  }
}

void Scheduler::give_up(const TaskSpan& tasks, Verdict verdict) {
  for (TaskId task = tasks.first; task < tasks.first + tasks.count; ++task) {
    // Cancelled would claim that it was never started.
    const bool was_run = verdict == Verdict::Cancelled && failed_runs_.contains(task);
    finish(task, was_run ? Verdict::NotRetried : verdict);
  }
}

void Scheduler::finish(TaskId task, Verdict verdict, Duration run_time) {
  const auto runs = failed_runs_.extract(task);
  const FailedRuns failed = runs.empty() ? FailedRuns{} : runs.mapped();
  commands_.emplace_back(Finish{task, verdict, failed.worker, failed.count, run_time});
}

void Scheduler::give_up_queued(Verdict verdict) {
  end_delays(Time::max());
  const auto give_up_all = [&](auto& waiting) {
    while (!waiting.is_empty()) {
      give_up(waiting.take_front(waiting.front().count), verdict);
    }
  };
  give_up_all(retries_);
  give_up_all(queue_);
}

bool Scheduler::remove_waiting(TaskId task) {
  const auto is_delayed = std::find_if(delayed_.begin(), delayed_.end(),
                                       [task](const auto& r) { return r.second.first == task; });
  if (is_delayed != delayed_.end()) {
    delayed_.erase(is_delayed);
    return true;
  }
  return queue_.remove(task) || retries_.remove(task);
}

void Scheduler::judge(Worker& worker, Time now) {
  if (!worker.stops.empty() && worker.stops.back().next) {
    if (now < *worker.stops.back().next) {
      return;
    }
    harden_stop(worker, now);
  }
  if (worker.mode != Mode::Open) {
    return;
  }
  switch (worker.stream.judge(now)) {
    case WorkerStream::Lateness::None:
      return;
    case WorkerStream::Lateness::Overrun:
      stop(worker, *worker.stream.claimed_live(), Verdict::TimedOut, now);
      return;
    case WorkerStream::Lateness::Silence:
      // Whatever is in flight must be safe before the kill. The answer also tells whether the
      // worker has gone on in the meantime.
      worker.mode = Mode::Closing;
      const PlaceRange assigned = worker.stream.assigned_from(worker.stream.first());
      if (!assigned.is_empty()) {
        request_revoke(worker, assigned, Purpose::Silence);
      } else {
        kill(worker);
      }
      return;
  }
}

void Scheduler::decide_on_silence(Worker& worker, Time now) {
  if (worker.mode != Mode::Closing) {
    return;
  }
  if (worker.stream.claimed_live()) {
    worker.stream.restart_watch(now);  // Not stuck, only late: it is judged anew.
    worker.mode = Mode::Open;
    return;
  }
  kill(worker);
}

void Scheduler::kill(Worker& worker) {
  if (worker.mode == Mode::Killed) {
    return;
  }
  worker.mode = Mode::Killed;
  commands_.emplace_back(Kill{worker.id});
}

void Scheduler::blame(Worker& worker, Sequence place, Time now) {
  const Stop* stop = stop_of(worker, place);
  const bool was_stopped =
      stop != nullptr && (worker.mode == Mode::Killed || worker.mode == Mode::Terminated);
  end_run(worker, place, was_stopped ? stop->verdict : Verdict::Crashed, now);
  note_progress(worker);
}

void Scheduler::note_progress(Worker& worker) {
  worker.has_proved = true;
  starts_.on_progress(worker.round);
}

void Scheduler::note_exit(const Worker& worker, Time now) {
  if (!worker.has_proved && worker.mode != Mode::Retired) {
    starts_.on_failed(worker.round, now);
  }
  if (starts_.has_lost_hope() && workers_.empty()) {
    is_broken_ = true;
    give_up_queued(Verdict::Broken);
  }
}

void Scheduler::drop_commands_for(WorkerId worker) {
  std::erase_if(commands_, [=](const Command& command) { return addressee(command) == worker; });
}

}  // namespace bulkhead::scheduling
