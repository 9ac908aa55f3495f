#pragma once

#include <cstdint>
#include <variant>

#include "scheduling/task_span.h"

/// What the scheduler tells the executor to do.
namespace bulkhead::scheduling {

/// How a task ended when it ended without a result of its own.
enum class Verdict : std::uint8_t {
  Cancelled,   ///< it was never started and never will be; or its run was stopped on request
  TimedOut,    ///< its run was stopped at its limit
  Crashed,     ///< its worker died while running it, and it is not run again
  NotRetried,  ///< its last run failed, as RecordRetry said, and it is not run again after all
  Broken,      ///< no worker can be kept alive: nothing will run any more
};

// ---- what the executor must do, in the order given ----

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
/// Ask the task at this place, which the worker runs or is about to, to stop of its own accord.
struct RequestStop {
  WorkerId worker;
  Sequence place;
};
/// Send SIGTERM to the worker and all it started. A Kill follows if that does not end it.
struct Terminate {
  WorkerId worker;
};
/// Kill the worker with all it started; its exit is reported as usual. Results that it wrote before
/// it died still count, and are reported before its exit.
struct Kill {
  WorkerId worker;
};
/// Why a worker is told to leave.
enum class Reason : std::uint8_t {
  Shutdown,
  Idle,     ///< it had nothing to do for SchedulerOptions::idle_timeout
  Surplus,  ///< the pool was made smaller
  UsedUp,   ///< it ran SchedulerOptions::max_tasks_per_worker
};
/// Tell a worker that has nothing to run to leave of its own accord.
struct Retire {
  WorkerId worker;
  Reason reason;
};
/// TimedOut: by how much the run was too long.
struct Overrun {
  Duration limit{0};
  Duration run_time{0};  ///< from the start of the run to the end that was made of it
};
/// A run of the task ended without a result, and the task will be run again: keep the reason.
struct RecordRetry {
  TaskId task;
  Verdict verdict;  ///< of this run: TimedOut or Crashed
  WorkerId worker;
  unsigned attempts;  ///< how often it was started so far
  Overrun overrun;
};
/// The task is over, without a result. `worker` ran it last (0: none did).
struct Finish {
  TaskId task;
  Verdict verdict;
  WorkerId worker;
  unsigned attempts;  ///< how often it was started
  Overrun overrun{};
};
using Command = std::variant<StartWorker, Assign, Revoke, RequestStop, Terminate, Kill, Retire,
                             RecordRetry, Finish>;

}  // namespace bulkhead::scheduling
