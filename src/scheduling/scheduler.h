#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "scheduling/chunk_sizer.h"
#include "scheduling/command.h"
#include "scheduling/run_limits.h"
#include "scheduling/start_policy.h"
#include "scheduling/task_lanes.h"
#include "scheduling/task_queue.h"
#include "scheduling/task_span.h"
#include "scheduling/worker_stream.h"

namespace bulkhead::scheduling {

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
///  - Waiting tasks go by priority, and in the order of submission among equals. One that outranks
///    tasks which have travelled to a worker already, but were not started, goes before them.
///  - A task that was not started when its worker died is assigned again, at the front of the queue
///    and in order, and nobody is blamed. Only the task that was running is.
///  - A task is started at most 1 + retries times. A retry runs alone: its worker has nothing else
///    in flight, before or behind it, so a neighbour can never be harmed by it.
///  - Before a Terminate or Kill every other task in flight on that worker is revoked, so that it
///    can only hit the task that it is meant for. A worker that got a Terminate runs no other task.
class Scheduler {
 public:
  explicit Scheduler(SchedulerOptions options);

  // ---- events ----

  /// New tasks, with ids above all seen before. After shutdown began or the pool broke they are
  /// finished at once (Cancelled, Broken).
  void on_submitted(const TaskSpan& tasks, Time now);

  /// The same for tasks that can only wait, behind others for which no worker has room: nothing is
  /// decided, so no time is needed. False, and nothing changed: on_submitted() is to be called.
  [[nodiscard]] bool queue_behind(const TaskSpan& tasks);

  /// Somebody wants these tasks not to run, each by itself. Queued: Finish(Cancelled). In flight:
  /// Revoke, and Finish(Cancelled) if the answer shows that it was not started. Otherwise nothing
  /// happens. A task that failed and waits for its retry was started, so giving it up is
  /// Finish(NotRetried).
  void on_cancel_requested(const TaskRange& tasks, Time now);

  /// Somebody wants these tasks to end, each by itself. Not started: as on_cancel_requested, but a
  /// task that waits for its retry is Cancelled as well. Running: it is asked to stop (RequestStop)
  /// and has its grace to do so; then its worker is terminated, and killed if that does not help.
  /// It is Finish(Cancelled), never retried, unless it ended with a result or crashed by itself in
  /// the meantime. With a grace of 0 its worker is killed at once.
  void on_kill_requested(const TaskRange& tasks, Time now);

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

  /// The next task of the worker's stream ended because it was asked to stop.
  /// Returns false, changing nothing, if it was not asked: the worker lies and must be killed.
  [[nodiscard]] bool on_stopped(WorkerId id, Time now);

  /// The next task of the worker's stream ended with an exception. True: it will be run again, and
  /// is not over. False, and nothing changed: it is over, and on_finished is to be called for it.
  [[nodiscard]] bool on_failed(WorkerId id, Time now);

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

  /// The function, or cohort, of this number has no task left and will get no more: what was
  /// learned of it may go.
  void on_forgotten(std::uint64_t number) {
    sizer_.forget(number);
    limits_.forget(number);
  }

  /// No more tasks will come. `cancel_pending`: those not started are finished as Cancelled, and
  /// those that wait for a retry as NotRetried. When the last task is over every worker is retired,
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

  /// The tasks that the worker must finish next, as far as they are in flight together; nullopt:
  /// nothing is in flight, or the next place was revoked for certain.
  [[nodiscard]] std::optional<TaskSpan> next_tasks(WorkerId id) const;

  /// The first place of the worker's stream that is not yet finished or skipped.
  [[nodiscard]] Sequence next_sequence(WorkerId id) const;

  /// How many unfinished tasks of this function keep every worker busy, a chunk under way and one
  /// waiting each, with as many queued, so that chunks keep their size: how far a lazy map should
  /// read ahead. At least 4 * max_workers. It should submit in spans, not one by one. `chunk_size`
  /// as in their traits.
  [[nodiscard]] std::size_t appetite(FunctionId function, std::uint32_t chunk_size) const;

  /// Where this task is in flight; nullopt: it waits, or is over.
  struct Whereabouts {
    WorkerId worker;
    Sequence place;
  };
  [[nodiscard]] std::optional<Whereabouts> whereabouts(TaskId task) const;

  /// Whether exceptions of the task at this place are retried.
  [[nodiscard]] bool retries_failures(WorkerId id, Sequence place) const;

  /// How often this task, which is not over, was run and failed so far.
  [[nodiscard]] unsigned failed_runs(TaskId task) const;

  [[nodiscard]] std::size_t queued_tasks() const;     ///< submitted, not assigned
  [[nodiscard]] std::size_t in_flight_tasks() const;  ///< assigned, not finished
  [[nodiscard]] bool is_broken() const;
  /// Workers that on_boot_up asked for are neither ready nor given up.
  [[nodiscard]] bool is_booting() const { return is_booting_; }
  /// Shut down, no task left and no worker left.
  [[nodiscard]] bool is_finished() const;

  // ---- what only the tests ask ----

  /// Of the queued tasks, those that wait for the delay of a retry.
  [[nodiscard]] std::size_t delayed_tasks() const { return delayed_.size(); }
  [[nodiscard]] std::size_t live_workers() const { return workers_.size(); }

 private:
  enum class Mode : std::uint8_t {
    Open,     // takes tasks
    Closing,  // revoked before a kill, the answer is awaited
    Terminated,
    Killed,
    Retired,
    Leaving,  // of its own accord
  };

  enum class Purpose : std::uint8_t {
    Cancel,
    Kill,
    Steal,
    Overtake,
    Shutdown,
    Stop,
    Silence,
    Departure
  };

  /// A Revoke that was not answered yet.
  struct PendingRevoke {
    PlaceRange range;
    Purpose purpose;
    TaskRange tasks;  // Cancel, Kill: those at these places; else none
  };

  /// The end that is being made of one run.
  struct Stop {
    Sequence place;
    Verdict verdict;             // Cancelled, TimedOut
    std::optional<Time> next{};  // when the next, harder step is due
    bool was_requested = false;  // the task was asked
  };

  struct Worker {
    WorkerId id = 0;
    StartPolicy::Round round = 0;
    WorkerStream stream;
    std::deque<PendingRevoke> revokes;  // answered in this order
    Mode mode = Mode::Open;
    std::uint64_t ended_tasks = 0;
    bool has_proved = false;      // a task ended on it
    bool is_surplus = false;      // it gets no more tasks, and leaves when it has none
    bool runs_retry = false;      // what was assigned last is a retry, and alone
    std::deque<Stop> stops;       // the last is pursued; those before it are over, unreported
    std::uint64_t idle_rank = 0;  // grows: the worker that became idle last has the highest

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

  /// What is known of a task that was run, failed, and is to be run again.
  struct FailedRuns {
    unsigned count = 0;
    WorkerId worker = 0;  // of the last one
  };

  // Placing tasks.
  void settle(Time now);
  void overtake(const TaskSpan& tasks);
  void end_delays(Time now);
  [[nodiscard]] bool has_placeable() const;
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
  void cancel(const TaskRange& tasks);
  void cancel_all();
  void request_revoke(Worker& worker, const PlaceRange& range, Purpose purpose,
                      const TaskRange& tasks = {});
  void revoke_assigned(const TaskRange& tasks, Purpose purpose);
  void take_back(Worker& worker, const PendingRevoke& revoke, Time now);
  void put_back(const TaskSpan& tasks);
  void give_up(const TaskSpan& tasks, Verdict verdict);
  void give_up_queued(Verdict verdict);

  // Stopping one run.
  void kill_tasks(const TaskRange& tasks, Time now);
  void stop(Worker& worker, Sequence place, Verdict verdict, Time now);
  void harden_stop(Worker& worker, Time now);
  void decide_on_stop(Worker& worker, Time now);
  void end_patience(Worker& worker, Time now);
  void note_place_over(Worker& worker);
  [[nodiscard]] static const Stop* stop_of(const Worker& worker, Sequence place);

  // Workers that are late, lie or are gone.
  void judge(Worker& worker, Time now);
  void decide_on_silence(Worker& worker, Time now);
  void kill(Worker& worker);
  void blame(Worker& worker, Sequence place, Time now);

  // Runs that failed.
  void end_run(Worker& worker, Sequence place, Verdict verdict, Time now);
  [[nodiscard]] bool is_retried(const Worker& worker, Sequence place, bool is_crash) const;
  void schedule_retry(const Worker& worker, const TaskSpan& task, Time now);
  std::vector<TaskSpan> take_waiting(const TaskRange& tasks);
  void finish_all(const TaskSpan& tasks, Verdict verdict);
  void finish(TaskId task, Verdict verdict, const Overrun& overrun = {});
  void note_progress(Worker& worker);
  void note_exit(const Worker& worker, Time now);
  void drop_commands_for(WorkerId worker);

  [[nodiscard]] Worker* find(WorkerId id);
  [[nodiscard]] const Worker* find(WorkerId id) const;

  SchedulerOptions options_;
  ChunkSizer sizer_;
  RunLimits limits_;
  StartPolicy starts_;
  TaskLanes queue_;
  TaskQueue retries_;                                   // before all of queue_; each is run alone
  std::multimap<Time, TaskSpan> delayed_;               // retries, and when they go to retries_
  std::unordered_map<TaskId, FailedRuns> failed_runs_;  // of retries: waiting, or in flight
  int lowest_priority_ = 0;                             // of all tasks so far
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
