// How the scheduler takes tasks back: from a user who does not want them any more, from workers
// that are late, and from workers that are gone. scheduler_stopping.cc says how one run is ended.

#include <algorithm>
#include <iterator>
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

void Scheduler::cancel(const TaskRange& tasks) {
  for (const TaskSpan& waiting : take_waiting(tasks)) {
    give_up(waiting, Verdict::Cancelled);
  }
  revoke_assigned(tasks, Purpose::Cancel);
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
                               const TaskRange& tasks) {
  worker.revokes.push_back({range, purpose, tasks});
  commands_.emplace_back(Revoke{worker.id, range.first, range.end});
}

void Scheduler::revoke_assigned(const TaskRange& tasks, Purpose purpose) {
  for (auto& [id, worker] : workers_) {
    for (const WorkerStream::Run& run : worker.stream.find_assigned(tasks)) {
      request_revoke(worker, run.places, purpose, run.tasks);
    }
  }
}

void Scheduler::take_back(Worker& worker, const PendingRevoke& revoke, Time now) {
  const bool is_kill = revoke.purpose == Purpose::Kill;
  const bool is_cancel = revoke.purpose == Purpose::Cancel;
  for (const TaskSpan& tasks : worker.stream.revoke(revoke.range)) {
    if (is_kill) {
      finish_all(tasks, Verdict::Cancelled);
    } else {
      is_cancel ? give_up(tasks, Verdict::Cancelled) : put_back(tasks);
    }
  }
  // Another Revoke may have been answered first and have taken some back into the queue; and one
  // may be running.
  if (is_kill) {
    kill_tasks(revoke.tasks, now);
  } else if (is_cancel) {
    cancel(revoke.tasks);
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

void Scheduler::finish_all(const TaskSpan& tasks, Verdict verdict) {
  for (TaskId task = tasks.first; task < tasks.first + tasks.count; ++task) {
    finish(task, verdict);
  }
}

void Scheduler::finish(TaskId task, Verdict verdict, const Overrun& overrun) {
  const auto runs = failed_runs_.extract(task);
  const FailedRuns failed = runs.empty() ? FailedRuns{} : runs.mapped();
  commands_.emplace_back(Finish{task, verdict, failed.worker, failed.count, overrun});
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

std::vector<TaskSpan> Scheduler::take_waiting(const TaskRange& tasks) {
  std::vector<TaskSpan> taken = queue_.take(tasks);
  std::ranges::move(retries_.take(tasks), std::back_inserter(taken));
  std::erase_if(delayed_, [&](const auto& delayed) {
    const bool is_one = tasks.holds(delayed.second.first);
    if (is_one) {
      taken.push_back(delayed.second);
    }
    return is_one;
  });
  return taken;
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
  switch (worker.stream.judge(now, limits_)) {
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
