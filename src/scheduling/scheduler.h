#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>
#include <variant>
#include <vector>

#include "scheduling/chunk_sizer.h"

namespace bulkhead::scheduling {

using TaskId = std::uint64_t;      ///< one task; ids are handed out in the order of submission
using WorkerId = std::uint64_t;    ///< one worker process; never used twice, so a successor has a new one
using FunctionId = std::uint64_t;  ///< what a task calls; only tasks of one function share a chunk
using Sequence = std::uint64_t;    ///< place of a task in the stream of one worker: 0, 1, 2, ...
using Duration = std::chrono::nanoseconds;
using Time = std::chrono::steady_clock::time_point;  ///< always an argument: nobody here reads a clock

/// What the scheduler must know of a task to place it.
struct TaskTraits {
  FunctionId function = 0;
  Duration timeout{0};   ///< limit of one run, counted from its start; 0: none
  unsigned retries = 0;  ///< how often a task that crashed its worker is run again

  friend bool operator==(const TaskTraits&, const TaskTraits&) = default;
};

/// Tasks `first`, `first + 1`, ..., `first + count - 1`, all with the same traits.
struct TaskSpan {
  TaskId first = 0;
  std::uint32_t count = 0;
  TaskTraits traits;
};

/// How a task ended when it ended without a result of its own.
enum class Verdict : std::uint8_t {
  Cancelled,  ///< it was never started and never will be
  TimedOut,   ///< its run was stopped at its limit
  Crashed,    ///< its worker died while running it, and no retry is left
  Broken,     ///< no worker can be kept alive: nothing will run any more
};

// ---- commands: what the executor must do, in the order given -------------------------------------

/// Start a worker process. Tasks may be assigned to it before it reports ready.
struct StartWorker {
  WorkerId worker;
};
/// Append these tasks to the stream of the worker; the first of them is number `first`.
struct Assign {
  WorkerId worker;
  Sequence first;
  TaskSpan tasks;
};
/// Forbid the worker to start tasks [first, end) and answer at once, before any other event, with
/// on_revoke_answered().
struct Revoke {
  WorkerId worker;
  Sequence first;
  Sequence end;
};
/// Kill the worker with all it started; its exit is reported as usual.
struct Kill {
  WorkerId worker;
};
/// Tell an idle worker to leave of its own accord.
struct Retire {
  WorkerId worker;
};
/// The task is over, without a result. `worker` ran it last (0: none did).
struct Finish {
  TaskId task;
  Verdict verdict;
  WorkerId worker;
  unsigned attempts;  ///< how often it was started
};
using Command = std::variant<StartWorker, Assign, Revoke, Kill, Retire, Finish>;

struct SchedulerOptions {
  unsigned max_workers = 1;
  std::uint32_t max_in_flight = 8192;  ///< unfinished tasks assigned to one worker, at most
};

/// Decides who runs what, and when: events in, commands out. A pure state machine: no thread, lock,
/// clock or system call, and no knowledge of what a task is, so it is tested like arithmetic.
/// Not thread-safe; the executor guards it.
///
/// After each event (or several) the executor takes the commands and carries them out in order.
/// Every task that was submitted leaves exactly once: through on_finished (it has a result) or
/// through a Finish command.
///
/// Rules it keeps (ARCHITECTURE.md, promises G1 to G3 and G5):
///  - A worker runs its stream strictly in order, so what it finished is a count, not a list.
///  - A task that was not started when its worker died is assigned again, at the front of the queue
///    and in order, and nobody is blamed. Only the task that was running is.
///  - A task is started at most 1 + retries times. A retry runs alone: its worker has nothing else
///    in flight, before or behind it, so a neighbour can never be harmed by it.
///  - Before a Kill every other task in flight on that worker is revoked, so that a kill can only
///    hit the task that it is meant for.
class Scheduler {
 public:
  explicit Scheduler(SchedulerOptions options);

  // ---- events ------------------------------------------------------------------------------------

  /// New tasks, with ids never seen before. After shutdown began or the pool broke they are finished
  /// at once (Cancelled, Broken).
  void on_submitted(const TaskSpan& tasks, Time now);

  /// Somebody wants this task not to run. Queued: Finish(Cancelled). In flight: Revoke, and
  /// Finish(Cancelled) if the answer shows that it was not started. Otherwise nothing happens.
  void on_cancel_requested(TaskId task, Time now);

  /// Answer to Revoke. `claimed` is the last task of its stream that the worker may have started or
  /// may still start, read after the ban became visible; nullopt: it has claimed none. Tasks of the
  /// revoked range behind it will certainly not be started there. Tasks at or before it may run, or
  /// may be skipped by the worker (on_skipped).
  void on_revoke_answered(WorkerId worker, std::optional<Sequence> claimed, Time now);

  /// The worker process runs and has looked into its stream.
  void on_worker_ready(WorkerId worker, Time now);

  /// The next `count` tasks of the worker's stream ended with a result (a value or an exception).
  /// `mean_run_time` is what one of them took, as measured where it ran; 0: not measured.
  /// Returns false, changing nothing, if the worker has not that many in flight or one of them is
  /// certainly revoked: it lies and must be killed.
  [[nodiscard]] bool on_finished(WorkerId worker, std::uint32_t count, Duration mean_run_time,
                                 Time now);

  /// The worker skipped the next task of its stream because it was revoked.
  /// Returns false, changing nothing, if that task was not: it lies and must be killed.
  [[nodiscard]] bool on_skipped(WorkerId worker, Time now);

  /// The worker started task `sequence` of its stream at `since` (no later than `now`). Only needed
  /// for tasks with a timeout; repeated reports of the same task change nothing, so that a worker
  /// cannot move its own deadline.
  void on_claimed(WorkerId worker, Sequence sequence, Time since, Time now);

  /// The worker process is gone. `running` is the task of its stream that it was running; nullopt:
  /// none. All it finished must have been reported before.
  void on_worker_exited(WorkerId worker, std::optional<Sequence> running, Time now);

  /// Time has passed: deadlines are judged and postponed starts are made. Report claims first.
  void on_time(Time now);

  /// No more tasks will come. `cancel_pending`: those not started are finished as Cancelled.
  /// When the last task is over every worker is retired. May be called again to add the cancelling.
  void on_shutdown(bool cancel_pending, Time now);

  // ---- what the executor asks --------------------------------------------------------------------

  /// The commands since the last call, oldest first.
  [[nodiscard]] std::vector<Command> take_commands();

  /// When on_time wants to be called at the latest; nullopt: not before another event.
  [[nodiscard]] std::optional<Time> next_deadline() const;

  /// The task at this place of the worker's stream; nullopt: not in flight (finished, skipped,
  /// revoked for certain, or never assigned).
  [[nodiscard]] std::optional<TaskId> task_at(WorkerId worker, Sequence sequence) const;

  /// The first place of the worker's stream that is not yet finished or skipped.
  [[nodiscard]] Sequence next_sequence(WorkerId worker) const;

  /// How many unfinished tasks of this function keep every worker busy, a chunk under way and one
  /// waiting each: how far a lazy map should read ahead. At least 4 * max_workers.
  [[nodiscard]] std::size_t appetite(FunctionId function) const;

  [[nodiscard]] std::size_t queued_tasks() const;     ///< submitted, not assigned
  [[nodiscard]] std::size_t in_flight_tasks() const;  ///< assigned, not finished
  [[nodiscard]] std::size_t live_workers() const;
  [[nodiscard]] bool is_broken() const;
  /// Shut down, no task left and no worker left.
  [[nodiscard]] bool is_finished() const;

 private:
  // The implementer's.
};

}  // namespace bulkhead::scheduling
