#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include <bulkhead/process_pool_executor.h>

#include "executors/backend.h"
#include "executors/crash_report.h"
#include "executors/function_table.h"
#include "executors/oom_watch.h"
#include "executors/task_table.h"
#include "executors/worker_seat.h"
#include "os/doorbell.h"
#include "os/fork_server.h"
#include "os/forks.h"
#include "os/poller.h"
#include "scheduling/scheduler.h"

namespace bulkhead::executors {

/// Joins the rooms: turns what happens (submissions, replies, exits, time) into events for the
/// scheduler, and carries out its commands.
///
/// Threads: everything is guarded by one mutex. Whoever has an event handles it: a thread that
/// submits writes the request into a worker's ring itself; of the threads that wait for results one
/// at a time is the pump, which sleeps in the poller and handles what comes; the others sleep until
/// a task is over. The pool's own thread sleeps in the poller too. The kernel gives an event to the
/// one that began to wait last, which is the pump, so that a result wakes its waiter directly; the
/// own thread takes over when nobody waits.
class PoolManager final : public detail::Backend, public std::enable_shared_from_this<PoolManager> {
 public:
  /// Starts the fork server and the pool's thread. Throws UnsafeFork, StartError.
  static std::shared_ptr<PoolManager> start(const PoolOptions& options);
  ~PoolManager() override;

  std::shared_ptr<const detail::Function> define(detail::PackedCallable callable) override;
  std::shared_ptr<const std::uint64_t> make_cohort() override { return functions_.make_cohort(); }
  std::shared_ptr<detail::FutureState> submit(std::shared_ptr<const detail::Function> function,
                                              Bytes arguments, TaskOptions options) override;
  void submit(std::shared_ptr<detail::TaskBatch> batch) override;
  std::size_t wanted(const detail::Function& function, std::size_t chunk_size,
                     std::size_t unfinished, std::size_t undelivered) override;
  bool drive_until(const std::function<bool()>& done, detail::Deadline deadline) override;
  void gather(const std::function<bool()>& ready, const std::function<bool()>& enough,
              detail::Deadline deadline) override;
  void cancel(std::uint64_t task) override;
  void cancel(const detail::TaskBatch& batch) override;
  void kill(std::uint64_t task) override;
  void kill(const detail::TaskBatch& batch) override;
  bool is_running(std::uint64_t task) override;
  std::optional<double> progress(std::uint64_t task) override;
  void shutdown(ShutdownOptions options) override;
  void nudge() noexcept override;
  std::shared_ptr<Driver> executor() override { return shared_from_this(); }

  void kill_workers();
  void terminate_workers(std::chrono::nanoseconds grace);
  void boot_up(BootUpOptions options);
  void resize(unsigned max_workers);
  bool wait_until_idle(std::chrono::nanoseconds limit);
  unsigned max_workers();
  PoolStats stats();
  Isolation isolation() const { return available_isolation(options_.sandbox); }
  /// It takes tasks, and can run them.
  bool is_open();
  /// False in a forked child of the process that made it, where everything else throws
  /// WrongProcess.
  bool is_of_this_process() const noexcept { return process_ == os::process_generation(); }

 private:
  using WorkerId = scheduling::WorkerId;
  using Clock = std::chrono::steady_clock;

  /// The mutex, held. Before it is given back those who wait are told of what has ended meanwhile;
  /// at the end the calling thread runs what the program has attached to those futures.
  class Lock : public std::unique_lock<std::mutex> {
   public:
    explicit Lock(PoolManager& manager);
    ~Lock();
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    void lock();
    void unlock();

   private:
    PoolManager& manager_;
  };

  /// While it lives the mutex is not held.
  class Unlocked {
   public:
    explicit Unlocked(Lock& lock) : lock_(lock) { lock_.unlock(); }
    ~Unlocked() { lock_.lock(); }
    Unlocked(const Unlocked&) = delete;
    Unlocked& operator=(const Unlocked&) = delete;

   private:
    Lock& lock_;
  };

  /// While it lives the calling thread is the pump. The mutex is held at both ends.
  class PumpPlace {
   public:
    explicit PumpPlace(PoolManager& manager);
    ~PumpPlace();
    PumpPlace(const PumpPlace&) = delete;
    PumpPlace& operator=(const PumpPlace&) = delete;

   private:
    PoolManager& manager_;
  };

  PoolManager(const PoolOptions& options, os::ForkServer server, os::Poller poller,
              os::Doorbell kick);

  static constexpr os::Poller::Tag kServerTag = os::Poller::kAlarm - 1;
  static constexpr os::Poller::Tag kKickTag = os::Poller::kAlarm - 2;  // other tags are WorkerIds

  void require_open() const;
  /// No more tasks, and none is started. The mutex is held.
  void close_and_cancel();
  void submit(std::shared_ptr<detail::TaskGroup> group);
  // Those of them that are not over.
  void cancel(const scheduling::TaskRange& tasks);
  void kill(const scheduling::TaskRange& tasks);

  /// Takes the mutex. Throws WrongProcess.
  Lock hold();

  // Waiting. The mutex is held, except while asleep.
  enum class Hurry : bool { No, Yes };  ///< whether one result is waited for, or as many as come
  bool drive(Lock& lock, const std::function<bool()>& done, detail::Deadline deadline,
             Hurry hurry = Hurry::Yes);
  void pump_once(Lock& lock, detail::Deadline deadline);
  /// The same, but does not sleep for long, and the workers ring only when they run out of work;
  /// false: nothing has come.
  bool nap(Lock& lock, detail::Deadline deadline);
  /// Sleeps in the poller and handles what comes; false: nothing has. Either way what is waited for
  /// may be over, by another thread: ask before the next sleep.
  bool sleep_as_pump(Lock& lock, detail::Deadline deadline);
  /// Nobody would mind hearing of the next results a little later.
  bool may_be_patient() const;
  /// Looks so often whether something has come, and handles it; true: something has, or may have
  /// while the mutex was given back.
  bool look(Lock& lock, int looks);
  std::vector<os::Poller::Tag> wait_in_poller(Lock& lock, detail::Deadline deadline);
  void leave_cpu(Lock& lock);
  void leave(transport::Attention attention);
  /// Tells the workers how the program hears of their replies; true: some had come already.
  bool pay(transport::Attention attention);
  bool drain_unread();
  void sleep_until_progress(Lock& lock, detail::Deadline deadline);
  void tell_waiters();
  void hand_over_to_pump(Lock& lock);
  /// True: the mutex was given back, for continuations; what is waited for may be over.
  bool run_continuations(Lock& lock);
  // The mutex is not held.
  void start_thread();
  void run_thread();
  void run_continuations_in_own_thread();
  void stop_thread();

  // Events. The mutex is held.
  void handle(const std::vector<os::Poller::Tag>& tags);
  void watch_server();
  void read_reports();
  void on_report(const os::WorkerReport& report);
  void on_exit(const os::WorkerReport& report);
  /// The task that the dead worker was running; nullopt: none.
  std::optional<scheduling::Sequence> end_of_stream(WorkerId worker, const WorkerSeat& seat);
  void on_server_lost();
  void drain_all();
  /// Handles the replies of one worker; true: there may be more.
  bool drain(WorkerId worker);
  /// Handles results as long as one follows the other, one chunk at most; how many.
  std::size_t take_results(WorkerId worker, WorkerSeat& seat);
  /// Handles one reply, false: there was none.
  bool take_reply(WorkerId worker, WorkerSeat& seat);
  bool take_outcome(WorkerId worker, WorkerSeat& seat, transport::ProgramEnd::Reply& reply);
  bool take_exception(WorkerId worker, WorkerSeat& seat, std::uint64_t task,
                      const Bytes& exception);
  bool take_no_outcome(WorkerId worker, WorkerSeat& seat, transport::FrameKind kind);
  /// The next so many tasks of the worker's stream have a result or have failed.
  void note_finished(WorkerId worker, WorkerSeat& seat, std::uint32_t count);
  /// So many tasks from this one on are over.
  void close(std::uint64_t first_task, std::uint32_t count);
  void on_violation(WorkerId worker, WorkerSeat& seat, const char* rule);
  void report_starts(Clock::time_point now);
  void fail(std::uint64_t id, Failure failure);

  // Commands. The mutex is held.
  void carry_out_commands();
  void carry_out(const scheduling::StartWorker& command);
  void carry_out(const scheduling::Assign& command);
  void carry_out(const scheduling::Revoke& command);
  void carry_out(const scheduling::RequestStop& command);
  void carry_out(const scheduling::Terminate& command);
  void carry_out(const scheduling::Kill& command);
  void carry_out(const scheduling::Retire& command);
  void carry_out(const scheduling::RecordRetry& command);
  void carry_out(const scheduling::Finish& command);
  std::optional<os::SystemError> take_seat(WorkerId worker);
  std::optional<os::SystemError> start_worker(WorkerId worker);
  std::optional<os::SystemError> keep_server();
  unsigned free_index() const;
  void kill_worker(WorkerSeat& seat, WorkerId worker, std::string reason);
  /// False: it has broken the protocol.
  bool on_ready(WorkerId worker, WorkerSeat& seat);
  bool on_leaving(WorkerId worker, WorkerSeat& seat);
  void note_end(const WorkerEnding& ending, const WorkerSeat& seat);
  void count_departure(scheduling::Reason reason);
  void fail_start(WorkerId worker, const os::SystemError& error);
  void start_postponed();
  Failure failure_of(const scheduling::Finish& command);
  Failure failed_run(const scheduling::Finish& command);
  struct Run {
    const WorkerSeat& seat;
    scheduling::Sequence place;  ///< in the stream of its worker
  };
  /// nullopt: the task does not seem to be running.
  std::optional<Run> run_of(std::uint64_t task) const;
  /// The task that this worker is running; nullopt: it seems to run none.
  std::optional<std::uint64_t> task_under_way(WorkerId worker, const WorkerSeat& seat) const;
  void flush_dirty();
  void send_forgotten();

  std::optional<Clock::time_point> next_alarm() const;
  void kill_overdue(Clock::time_point now);

  const unsigned process_ = os::process_generation();
  const PoolOptions options_;  ///< as they were resolved at the start
  const os::Poller poller_;
  const os::Doorbell kick_;  ///< wakes whoever is in the poller
  FunctionTable functions_;

  std::mutex mutex_;
  std::condition_variable progress_;  ///< a task is over, or the pump has had its turn

  // All below is guarded by mutex_.
  std::optional<os::ForkServer> server_;
  OomWatch oom_{os::OomKills()};
  std::uint64_t server_oom_kills_before_ = oom_.kills_so_far();
  unsigned max_workers_;
  scheduling::Scheduler scheduler_;
  TaskTable tasks_;
  std::map<WorkerId, WorkerSeat> seats_;
  std::set<WorkerId> unread_;  ///< with replies that were left for their next turn
  std::set<WorkerId> dirty_;   ///< seats with requests that are not flushed
  std::optional<Clock::time_point> flush_again_at_;  ///< some of them wait for the system
  std::vector<WorkerId> postponed_starts_;  ///< until a thread comes that may replace the server
  std::map<WorkerId, WorkerEnding> exits_;  ///< of workers whose tasks are being finished
  std::set<std::uint64_t> suspects_;  ///< tasks that may have made a worker break the protocol
  std::map<std::uint64_t, std::vector<Failure>> failed_runs_;  ///< of tasks that are run again
  std::deque<WorkerStats> dead_;                               ///< the last of them
  std::uint64_t shared_gone_ = 0;  ///< of this process, when last looked at
  std::uint64_t completed_ = 0;
  std::uint64_t crashed_ = 0;
  struct {
    std::uint64_t used_up = 0;
    std::uint64_t idle = 0;
    std::uint64_t over_memory = 0;
  } departures_;                            ///< workers that left, by reason
  std::string last_trouble_;                ///< why the last worker could not be kept
  std::optional<Clock::time_point> alarm_;  ///< what the poller's alarm is set to
  bool is_shut_down_ = false;
  bool is_stopping_ = false;
  bool has_pump_ = false;
  bool pump_must_look_ = false;  ///< a task ended since the pump went to sleep
  std::uint64_t pump_turns_ = 0;
  transport::Attention attention_ = transport::Attention::Asleep;  ///< what the workers were told
  std::chrono::nanoseconds recent_run_time_ = std::chrono::nanoseconds::max();
  std::uint64_t awaited_tasks_ = 0;  ///< not over, TaskGroup::is_awaited
  unsigned waiters_ = 0;             ///< threads asleep on progress_ until a task is over
  bool hands_over_ = false;          ///< the pool's own thread is, until the pump has had its turn
  bool has_news_ = false;            ///< a task ended since the waiters were told

  std::atomic<bool> nudged_{false};  ///< set before the kick that tells of it
  std::mutex joining_;               ///< guards thread_

  std::jthread thread_;
};

}  // namespace bulkhead::executors
