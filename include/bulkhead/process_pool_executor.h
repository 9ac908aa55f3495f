#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <bulkhead/executor.h>
#include <bulkhead/options.h>
#include <bulkhead/sandbox.h>

namespace bulkhead {

/// What one worker process has done so far.
struct WorkerStats {
  int pid = 0;
  std::uint64_t tasks = 0;           ///< tasks that ended in it
  std::chrono::nanoseconds busy{0};  ///< time it spent in tasks, as it measured itself
  bool alive = false;
  std::string task{};  ///< TaskOptions::name of the task that it is running
};

/// What a pool has done so far.
struct PoolStats {
  std::vector<WorkerStats>
      workers;                  ///< the last 1000 that are gone, in that order, then the living
  std::uint64_t queued = 0;     ///< tasks that were submitted and not started, wherever they wait
  std::uint64_t running = 0;    ///< tasks that are running, as far as it was noticed
  std::uint64_t completed = 0;  ///< tasks that ended with a value or an exception
  /// Workers that died while they ran a task, and not because the pool killed them (at a timeout,
  /// by Future::kill() or kill_workers(), or with a fork server that died).
  std::uint64_t crashed = 0;
  std::uint64_t used_up = 0;      ///< workers replaced after PoolOptions::max_tasks_per_child
  std::uint64_t idled_out = 0;    ///< workers that left after PoolOptions::idle_timeout
  std::uint64_t over_memory = 0;  ///< workers replaced because of soft_memory or hard_memory
  std::string last_trouble{};  ///< why the last worker that came to nothing did, or its finalizer
};

/// Runs tasks in worker processes: a task that crashes, hangs or leaks harms itself alone.
///
///   caller's threads                  this process        worker processes
///   submit, map ─► scheduler ─► request ring ──────────►  claim, decode, call
///   get ◄─ future ◄─ pump ◄──── reply ring ◄────────────  encode, publish
///                     ▲
///                     └── exits ◄── fork server (parent and reaper of all workers)
///
///  1. submit() encodes the arguments and hands the task to the scheduler, which assigns it to a
///     worker; the calling thread itself writes it into that worker's own ring.
///  2. The worker claims one task after the other, runs it, and publishes each result by itself.
///  3. Whoever waits for a result reads the rings meanwhile (a thread of the pool does when nobody
///     waits), checks every byte, and completes the futures.
///  4. When a worker dies the fork server says so: the task that was running fails, all others that
///     had travelled to it go to other workers, and a fresh worker takes its place.
///
/// Workers are started on demand, at most max_workers, and kept, unless the options say otherwise.
/// There are never more processes than that: one that is to be replaced leaves first. They have
/// /dev/null as standard input, a process group of their own, and none of the program's open files
/// but standard output and error. No worker, and nothing in its process group, outlives the program
/// by more than a second, whatever killed it.
///
/// A task may make a pool of its own, whose workers go when its worker goes; pools can be nested to
/// a depth of 10. Of a pool of the program that forked it a worker has a copy of no use: its
/// members, and futures and maps of it that are not done, throw WrongProcess, so that nobody waits
/// there for ever; but cancel() and kill() do nothing, and running() and progress() know of
/// nothing. The same holds for other forks of the program.
class ProcessPoolExecutor : public Executor {
 public:
  /// Starts the fork server. Throws UnsafeFork where forking would be unsafe, StartError where the
  /// system refuses or lacks what PoolOptions::sandbox needs.
  explicit ProcessPoolExecutor(PoolOptions options = {});
  explicit ProcessPoolExecutor(unsigned max_workers)
      : ProcessPoolExecutor(PoolOptions{.max_workers = max_workers}) {}

  ProcessPoolExecutor(ProcessPoolExecutor&&) noexcept = default;
  ProcessPoolExecutor& operator=(ProcessPoolExecutor&&) = delete;

  /// shutdown({.wait = true}): every task is over and every worker gone when it returns.
  ~ProcessPoolExecutor();

  /// Kills every worker at once; the tasks that are running fail with WorkerCrashed, those not
  /// started are cancelled, and no more are taken. Of a pool that has no worker, or is shut down or
  /// broken, nothing but that is left to do.
  void kill_workers();

  /// The same with a chance to clean up: every worker, and what is in its process group, gets
  /// SIGTERM now, and SIGKILL if it is still there after `grace`. A task that handles the signal
  /// and ends in time has what it ends with. Returns at once; shutdown() waits for the end.
  void terminate_workers(std::chrono::nanoseconds grace = std::chrono::milliseconds(100));

  /// Starts workers up to max_workers() now, not when tasks come. Can be called again. Gives up,
  /// and leaves it to the tasks, if the system refuses again and again. Throws ShutdownError.
  void boot_up(BootUpOptions options = {});

  /// From now on there are so many workers, at least 1. Workers that are too many leave, the idle
  /// first, a busy one after the task that it is running; no task is lost, and the others stay as
  /// they are. Throws std::invalid_argument, ShutdownError.
  void resize(unsigned max_workers);

  /// Waits until no submitted task is left, at most so long; true: none is. The pool stays open.
  bool wait_until_idle(std::chrono::nanoseconds limit);

  /// It takes tasks and can run them: it was not shut down, and is not broken.
  bool is_open() const;

  unsigned max_workers() const;
  PoolStats stats() const;
  /// What keeps the workers in. Every worker that runs a task has the layers that are on: one that
  /// cannot put one of them on does not start.
  Isolation isolation() const;
};

/// One pool for the whole program, with default options, made when it is first asked for; another
/// once that was shut down or is broken. A worker that asks gets one of its own. When the program
/// ends by return from main or exit(), before the static objects that were there first are
/// destroyed, it is ended at once: what was not waited for is cancelled or killed.
/// Throws what the constructor throws. May be called from any thread.
ProcessPoolExecutor& default_pool();

/// Takes over the process when it was executed anew as a fork server (StartMethod::Spawn) and then
/// never returns; otherwise does nothing. The first line of main.
void init(int& argc, char**& argv);

}  // namespace bulkhead
