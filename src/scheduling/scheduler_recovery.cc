// How the scheduler takes tasks back: from a user who does not want them any more, from workers
// that are late, and from workers that are gone.

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
  if (queue_.remove(task) || retries_.remove(task)) {
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

void Scheduler::take_back(Worker& worker, const PendingRevoke& revoke) {
  const bool is_cancel = revoke.purpose == Purpose::Cancel;
  // Another Revoke may have been answered first and have taken the task back into the queue.
  const bool is_elsewhere = is_cancel && !worker.stream.task_at(revoke.range.first);
  for (const TaskSpan& tasks : worker.stream.revoke(revoke.range)) {
    is_cancel ? give_up(tasks, Verdict::Cancelled) : put_back(tasks);
  }
  if (is_elsewhere) {
    cancel(revoke.task);
  }
}

void Scheduler::put_back(const TaskSpan& tasks) {
  if (is_cancelling_) {
    give_up(tasks, Verdict::Cancelled);
  } else if (crashes_.contains(tasks.first)) {
    retries_.push(tasks);  // A retry travels alone, so the first is the only one.
  } else {
    queue_.push(tasks);
  }
}

void Scheduler::give_up(const TaskSpan& tasks, Verdict verdict) {
  for (TaskId task = tasks.first; task < tasks.first + tasks.count; ++task) {
    const auto crash = crashes_.extract(task);
    if (crash.empty()) {
      commands_.emplace_back(Finish{task, verdict, 0, 0});
      continue;
    }
    // Cancelled would claim that it was never started.
    const Verdict truth = verdict == Verdict::Cancelled ? Verdict::Crashed : verdict;
    commands_.emplace_back(Finish{task, truth, crash.mapped().worker, crash.mapped().attempts});
  }
}

void Scheduler::give_up_queued(Verdict verdict) {
  for (TaskQueue* queue : {&retries_, &queue_}) {
    while (!queue->is_empty()) {
      give_up(queue->take_front(queue->front().count), verdict);
    }
  }
}

void Scheduler::judge(Worker& worker, Time now) {
  if (worker.mode != Mode::Open) {
    return;
  }
  const WorkerStream::Lateness lateness = worker.stream.judge(now);
  if (lateness == WorkerStream::Lateness::None) {
    return;
  }
  const bool is_overrun = lateness == WorkerStream::Lateness::Overrun;
  Sequence from = worker.stream.first();
  if (is_overrun) {
    worker.overrun = worker.stream.claimed_live();
    from = *worker.overrun + 1;
  }
  // Whatever else is in flight must be safe before the kill. The answer also tells whether the
  // worker has gone on in the meantime.
  worker.mode = Mode::Closing;
  const PlaceRange others = worker.stream.assigned_from(from);
  if (!others.is_empty()) {
    request_revoke(worker, others, is_overrun ? Purpose::Overrun : Purpose::Silence);
  } else {
    kill(worker);
  }
}

void Scheduler::decide_on_overrun(Worker& worker) {
  if (worker.mode != Mode::Closing) {
    return;
  }
  if (worker.stream.claimed() == worker.overrun) {
    kill(worker);
    return;
  }
  worker.overrun.reset();  // It finished in the meantime: its result is on the way.
  worker.mode = Mode::Open;
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

void Scheduler::blame(Worker& worker, Sequence place) {
  const TaskSpan task = worker.stream.take(place);
  Crash& crash = crashes_[task.first];
  crash.attempts += 1;
  crash.worker = worker.id;
  note_progress(worker);
  if (worker.mode == Mode::Killed && worker.overrun == place) {
    give_up(task, Verdict::TimedOut);
  } else if (crash.attempts <= task.traits.retries && !is_cancelling_) {
    retries_.push(task);
  } else {
    give_up(task, Verdict::Crashed);
  }
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
