#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>
#include <variant>
#include <vector>

#include "scheduling/chunk_sizer.h"
#include "scheduling/start_policy.h"
#include "scheduling/task_queue.h"
#include "scheduling/task_span.h"
#include "scheduling/worker_stream.h"

namespace bulkhead::scheduling {

/// How a task ended when it ended without a result of its own.
enum class Verdict : std::uint8_t {
  Cancelled,  ///< it was never started and never will be
  TimedOut,   ///< its run was stopped at its limit
  Crashed,    ///< its worker died while running it, and it is not run again
  Broken,     ///< no worker can be kept alive: nothing will run any more
};

// ---- commands: what the executor must do, in the order given ----

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
  std::uint32_t max_in_flight = 8192;      ///< unfinished tasks assigned to one worker, at most
  std::uint64_t max_tasks_per_worker = 0;  ///< then it is replaced; 0: never
  Duration idle_timeout{0};                ///< then it leaves; 0: never
};

/// Decides who runs what, and when: events in, commands out. A pure state machine: no thread, lock,
/// clock or system call, and no knowledge of what a task is, so it is tested like arithmetic.
/// Not thread-safe; the executor guards it.
///
/// After each event (or several) the executor takes the commands and carries them out in order. A
/// command for a worker whose exit was reported meanwhile is void.
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

  // ---- events ----

  /// New tasks, with ids above all seen before. After shutdown began or the pool broke they are
  /// finished at once (Cancelled, Broken).
  void on_submitted(const TaskSpan& tasks, Time now);

  /// Somebody wants this task not to run. Queued: Finish(Cancelled). In flight: Revoke, and
  /// Finish(Cancelled) if the answer shows that it was not started. Otherwise nothing happens. A
  /// task that crashed and waits for its retry was started, so giving it up is Finish(Crashed).
  void on_cancel_requested(TaskId task, Time now);

  /// Answer to Revoke. `claimed` is the last task of its stream that the worker may have started or
  /// may still start, read after the ban became visible; nullopt: it has claimed none. Tasks of the
  /// revoked range behind it will certainly not be started there. Tasks at or before it may run, or
  /// may be skipped by the worker (on_skipped), and are then queued again: nobody was promised
  /// that they would not run. A claim beyond the stream is a lie and gets the worker killed.
  void on_revoke_answered(WorkerId id, std::optional<Sequence> claimed, Time now);

  /// The worker process runs and has looked into its stream.
  void on_worker_ready(WorkerId id, Time now);

  /// The next `count` tasks of the worker's stream ended with a result (a value or an exception).
  /// `mean_run_time` is what one of them took, as measured where it ran; 0: not measured.
  /// Returns false, changing nothing, if the worker has not that many in flight or one of them is
  /// certainly revoked: it lies and must be killed.
  [[nodiscard]] bool on_finished(WorkerId id, std::uint32_t count, Duration mean_run_time,
                                 Time now);

  /// The worker skipped the next task of its stream because it was revoked.
  /// Returns false, changing nothing, if that task was not: it lies and must be killed.
  [[nodiscard]] bool on_skipped(WorkerId id, Time now);

  /// The worker started task `sequence` of its stream at `since` (no later than `now`). Only needed
  /// for tasks with a timeout; repeated reports of the same task can only move its start back, so
  /// that a worker cannot put off its own deadline.
  void on_claimed(WorkerId id, Sequence sequence, Time since, Time now);

  /// The worker process is gone. `running` is the task of its stream that it was running; nullopt:
  /// none. All it finished must have been reported before.
  void on_worker_exited(WorkerId id, std::optional<Sequence> running, Time now);

  /// The worker will start nothing more, and leaves of its own accord. What it has not claimed goes
  /// to others at once.
  void on_worker_leaving(WorkerId id, Time now);

  /// From now on there are so many workers at most. Those that are too many, the idle first, leave
  /// after the task that they are running; until then they count.
  void on_resized(unsigned max_workers, Time now);

  /// All workers are wanted now, tasks or not; see is_booting().
  void on_boot_up(Time now);

  /// Time has passed: deadlines are judged and postponed starts are made. Report claims first.
  void on_time(Time now);

  /// The function has no task left and will get no more: what was learned of it may go.
  void on_function_forgotten(FunctionId function) { sizer_.forget(function); }

  /// No more tasks will come. `cancel_pending`: those not started are finished as Cancelled, and
  /// those that wait for a retry as Crashed. When the last task is over every worker is retired,
  /// once. May be called again to add the cancelling.
  void on_shutdown(bool cancel_pending, Time now);

  // ---- what the executor asks ----

  /// The commands since the last call, oldest first.
  [[nodiscard]] std::vector<Command> take_commands();

  /// When on_time wants to be called at the latest; nullopt: not before another event.
  [[nodiscard]] std::optional<Time> next_deadline() const;

  /// The task at this place of the worker's stream; nullopt: not in flight (finished, skipped,
  /// revoked for certain, or never assigned).
  [[nodiscard]] std::optional<TaskId> task_at(WorkerId id, Sequence sequence) const;

  /// The first place of the worker's stream that is not yet finished or skipped.
  [[nodiscard]] Sequence next_sequence(WorkerId id) const;

  /// How many unfinished tasks of this function keep every worker busy, a chunk under way and one
  /// waiting each, with as many queued, so that chunks keep their size: how far a lazy map should
  /// read ahead. At least 4 * max_workers. It should submit in spans, not one by one.
  [[nodiscard]] std::size_t appetite(FunctionId function) const;

  [[nodiscard]] std::size_t queued_tasks() const;     ///< submitted, not assigned
  [[nodiscard]] std::size_t in_flight_tasks() const;  ///< assigned, not finished
  [[nodiscard]] std::size_t live_workers() const;
  [[nodiscard]] bool is_broken() const;
  /// Workers that on_boot_up asked for are neither ready nor given up.
  [[nodiscard]] bool is_booting() const { return is_booting_; }
  /// Shut down, no task left and no worker left.
  [[nodiscard]] bool is_finished() const;

 private:
  enum class Mode : std::uint8_t {
    Open,     // takes tasks
    Closing,  // revoked before a kill, the answer is awaited
    Killed,
    Retired,
    Leaving,  // of its own accord
  };

  enum class Purpose : std::uint8_t { Cancel, Steal, Shutdown, Overrun, Silence, Departure };

  /// A Revoke that was not answered yet.
  struct PendingRevoke {
    PlaceRange range;
    Purpose purpose;
    TaskId task;  // Cancel: the one; else 0
  };

  struct Worker {
    WorkerId id = 0;
    StartPolicy::Round round = 0;
    WorkerStream stream;
    std::deque<PendingRevoke> revokes;  // answered in this order
    Mode mode = Mode::Open;
    std::uint64_t ended_tasks = 0;
    bool has_proved = false;          // a task ended on it
    bool is_surplus = false;          // it gets no more tasks, and leaves when it has none
    bool runs_retry = false;          // what was assigned last is a retry, and alone
    std::optional<Sequence> overrun;  // the place it is killed for
    std::uint64_t idle_rank = 0;      // grows: the worker that became idle last has the highest

    /// Nothing in flight; a place that it still has to skip is something, because a retry must be
    /// alone and a frozen worker should not get more.
    [[nodiscard]] bool is_idle() const { return mode == Mode::Open && stream.places() == 0; }
  };

  /// What a worker with nothing to do could get from the others.
  struct Theft {
    Time not_before;
    Duration least_saving;
    bool runs_at_once;  // the thief is ready
  };

  /// What is known of a task that crashed a worker and is to be run again.
  struct Crash {
    unsigned attempts = 0;
    WorkerId worker = 0;
  };

  // Placing tasks.
  void settle(Time now);
  bool place_retry(Time now);
  bool place_chunk(Time now);
  void assign(Worker& worker, const TaskSpan& tasks, Time now);
  [[nodiscard]] const Worker* idle_worker() const;
  Worker* idle_or_started_worker(Time now);
  Worker* started_worker(Time now);
  Worker* prefetching_worker();

  // Workers that come and go.
  [[nodiscard]] bool wants_start() const;
  [[nodiscard]] std::uint64_t tasks_left(const Worker& worker) const;
  void boot(Time now);
  void choose_surplus();
  void retire_workers(Time now);
  [[nodiscard]] std::optional<Reason> reason_to_leave(const Worker& worker, Time now) const;
  [[nodiscard]] std::optional<Time> idle_limit(const Worker& worker) const;

  // Stealing.
  void steal(Time now);
  [[nodiscard]] std::optional<Theft> possible_theft() const;
  [[nodiscard]] static bool can_be_robbed(const Worker& worker, const Theft& theft);
  [[nodiscard]] std::optional<Time> next_rescue() const;

  // Taking tasks back.
  void cancel(TaskId task);
  void cancel_all();
  void request_revoke(Worker& worker, const PlaceRange& range, Purpose purpose, TaskId task = 0);
  void take_back(Worker& worker, const PendingRevoke& revoke);
  void put_back(const TaskSpan& tasks);
  void give_up(const TaskSpan& tasks, Verdict verdict);
  void give_up_queued(Verdict verdict);

  // Workers that are late, lie or are gone.
  void judge(Worker& worker, Time now);
  void decide_on_overrun(Worker& worker);
  void decide_on_silence(Worker& worker, Time now);
  void kill(Worker& worker);
  void blame(Worker& worker, Sequence place);
  void note_progress(Worker& worker);
  void note_exit(const Worker& worker, Time now);
  void drop_commands_for(WorkerId worker);

  [[nodiscard]] Worker* find(WorkerId id);
  [[nodiscard]] const Worker* find(WorkerId id) const;

  SchedulerOptions options_;
  ChunkSizer sizer_;
  StartPolicy starts_;
  TaskQueue queue_;
  TaskQueue retries_;                          // before all of queue_; each is run alone
  std::unordered_map<TaskId, Crash> crashes_;  // of those in retries_ or in flight as a retry
  std::map<WorkerId, Worker> workers_;
  std::vector<Command> commands_;
  std::optional<WorkerId> robbed_;  // the worker whose answer to a steal is awaited
  WorkerId next_worker_ = 1;
  std::uint64_t next_idle_rank_ = 1;
  unsigned missing_workers_ = 0;  // that on_boot_up asked for and that are not started
  bool is_booting_ = false;
  bool has_surplus_ = false;
  bool is_broken_ = false;
  bool is_shut_down_ = false;
  bool is_cancelling_ = false;  // shut down, and what was not started will not be
};

}  // namespace bulkhead::scheduling
