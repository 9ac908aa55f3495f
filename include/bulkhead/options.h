#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include <bulkhead/sandbox.h>
#include <bulkhead/worker_hook.h>

namespace bulkhead {

/// Which ends of a run are worth another one.
enum class RetryOn : std::uint8_t {
  Crash,    ///< its worker died
  Failure,  ///< any but a value: it crashed, threw, or passed its timeout
};

/// What may be asked for one task. Filled by name: `submit({.timeout = 5s}, f, x)`. A negative time
/// or factor is thrown as std::invalid_argument.
struct TaskOptions {
  /// Limit of one run, counted from its start, not from submit; then the run is stopped and the
  /// task has failed with TimeoutError. 0: none.
  std::chrono::nanoseconds timeout{0};
  /// The same as a multiple of the median of what others took that have ended: of an item of a map
  /// the items of that map, of a task that was submitted all those of its function in this pool.
  /// 5 stops a run that takes five times as long as most. It holds once three of them have
  /// ended, also of the tasks that are running then, and is never less than 100 ms; with a timeout
  /// the lower one counts. What tasks took is measured by their workers, together for those that
  /// take microseconds. Failure::limit says what it was; this_task::remaining() does not know of
  /// it. 0: none.
  double relative_timeout = 0;
  /// How a run is stopped, at its timeout or by Future::kill(). 0: its worker is killed at once,
  /// with all processes that it started. Otherwise the task is asked to stop (this_task.h); if it
  /// has not ended after `grace`, its process group gets SIGTERM, and SIGKILL after as much again,
  /// but at most 100 ms. A task that ends when it is asked keeps its worker.
  std::chrono::nanoseconds grace{0};
  /// How often the task is run again when a run ends in a way that `retry_on` names. A task that
  /// may have had an effect on the world should keep the default, 0. Each retry runs alone on its
  /// worker, before all tasks that wait. If the last one fails as well its Failure counts, with
  /// those of the runs before it in Failure::earlier. A task that was killed is not retried.
  unsigned retries = 0;
  RetryOn retry_on = RetryOn::Crash;
  /// How long the first retry is put off; each further one twice as long as the one before it.
  std::chrono::nanoseconds retry_delay{0};
  /// Of the tasks that wait those with the highest priority are started first, in the order of
  /// submission among equals. Whatever runs is not interrupted.
  int priority = 0;
  /// When a stop is requested of it, in whatever thread, the task is ended as by Future::kill(): it
  /// never starts, or its run is stopped, as `grace` says. In a map this is true of all items, and
  /// no more are taken.
  std::stop_token stop{};
  /// What the task is called where it is spoken of: in Failure::name and before Failure::message(),
  /// and while it runs in the statistics and, where the kernel lets a process say so, in ps as the
  /// command line of its worker: "bulkhead-w0: scan". Of a map, the name of each item.
  std::string name{};
};

/// What may be asked for a map. What makes no sense is thrown by it as std::invalid_argument.
struct MapOptions {
  /// For each item by itself: a timeout limits one item, however the items travel.
  TaskOptions each{};
  /// So many items travel to a worker together, from 1: fewer at the end of the input and where the
  /// window is smaller, and a worker without work takes the tail of what another was sent. Never
  /// visible in results, errors, timeouts or retries. 0: found by measurement.
  std::size_t chunksize = 0;
  /// Items taken from the input whose outcome was not yet delivered, at most; from 1.
  std::size_t buffersize = 65536;
  /// So many bytes may lie in the window: arguments, and results that were not delivered. What the
  /// results of unfinished items will take is expected from those before them, so that a first few
  /// of unusual size may exceed it; one item is always let in. 0: no limit.
  std::size_t buffer_bytes = 0;
  /// Limit of the whole map, counted from the call. Then it takes no more items; outcomes that are
  /// there are still delivered, then the range throws TimeoutError and has ended, and what was not
  /// started is cancelled. 0: none.
  std::chrono::nanoseconds timeout{0};
  /// False: outcomes are delivered as they come, so that a slow item delays no other. MapRange's
  /// indexed() tells which is whose.
  bool ordered = true;
};

/// How the fork server comes about, from which every worker is forked.
enum class StartMethod : std::uint8_t {
  /// Fork while the process has one thread; Spawn if it has more and bulkhead::init() was called;
  /// else UnsafeFork.
  Automatic,
  /// A fork of the program: workers see its globals as they were when the pool was created. Also
  /// the state of its random generators, the same in each: the initializer should seed them anew,
  /// with this_worker::pid() for instance.
  Fork,
  /// The program executed anew (/proc/self/exe): small and clean, holding nothing of the program's
  /// memory; static initialisers run again. Needs bulkhead::init() as the first line of main.
  Spawn,
};

/// One limit of the system on what a process may use; see setrlimit(2).
struct ResourceLimit {
  int resource = 0;         ///< RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_NOFILE, ...
  std::uint64_t value = 0;  ///< in the unit of the resource; RLIM_INFINITY: none
};

/// What may be asked for a pool. What makes no sense is thrown as std::invalid_argument when the
/// pool is made.
struct PoolOptions {
  unsigned max_workers = 0;  ///< worker processes, at most; 0: usable_cpus()
  StartMethod start_method = StartMethod::Automatic;
  /// Tasks that one worker process runs, exactly; then a fresh one takes its place. 0: no limit.
  std::uint64_t max_tasks_per_child = 0;
  /// A worker that had nothing to do for so long leaves; another comes on demand. 0: they stay.
  std::chrono::nanoseconds idle_timeout{0};
  /// What a worker that is to leave may take for that, the finalizer included; then it is killed.
  std::chrono::nanoseconds leave_limit = std::chrono::seconds(1);

  /// What each worker runs before its first task. If it throws or ends the process another worker
  /// is tried, with pauses; after five failures in a row, while no worker lives, the pool is broken
  /// and all tasks fail with BrokenProcessPool, which has the initializer's words.
  WorkerHook initializer{};
  /// What each worker runs before it leaves, for whatever reason but being killed and ending itself
  /// in a task. What it throws is found in PoolStats::last_trouble.
  WorkerHook finalizer{};

  /// A worker whose resident memory has grown by more than this since its initializer is replaced
  /// after the task that it is running. Looked at every 10 ms of work at most. Bytes; 0: no limit.
  std::uint64_t soft_memory = 0;
  /// What a worker may allocate at most since its initializer, in use or not: beyond it the task
  /// fails by itself, with a std::bad_alloc that says so or with what it makes of malloc's refusal,
  /// and its worker is replaced. Bytes; 0: no limit. Without a soft_memory that is half of it.
  std::uint64_t hard_memory = 0;

  // How each worker process is, from before its initializer. What the system refuses is a failed
  // start, as if the initializer had thrown it. (The static initialisers of a spawned program have
  // run before that.)
  std::string name = "bulkhead";    ///< ps shows NAME-w0, NAME-w1, of which the kernel keeps 15
                                    ///< bytes; see also TaskOptions::name
  std::vector<std::string> env{};   ///< NAME=VALUE, beside what the program has
  std::string working_directory{};  ///< empty: that of the program
  int nice = 0;                     ///< added to the nice value of the program; see nice(2)
  bool pin = false;                 ///< each to one of the CPUs that the program may use, in turn
  /// Both the soft and the hard limit of each, so that no task can raise them again. They are those
  /// of the process, for all of its tasks together: RLIMIT_CPU ends a worker in the middle of its
  /// life, by SIGXCPU, which fails the task that it is running.
  std::vector<ResourceLimit> limits{};
  /// What the tasks may do to the world. None, so that nothing fails by surprise in a program whose
  /// tasks write files, use the network or start programs; a pool whose tasks read what strangers
  /// made should have more.
  Sandbox sandbox = Sandbox::None;
  /// Files and folders, with all that is in them, where the tasks of Sandbox::Default may write.
  std::vector<std::string> writable{};
};

struct ShutdownOptions {
  bool wait = true;             ///< return when every task is over and every worker gone
  bool cancel_futures = false;  ///< cancel what has not been started
};

struct BootUpOptions {
  bool wait = true;  ///< return when every worker is ready, or can not be started
};

/// How many workers a pool has that is not told: $BULKHEAD_MAX_WORKERS if it is set; else the CPUs
/// that this process may keep busy, which are those of its affinity mask, and no more than the CPU
/// quota of its control group, rounded up. At least 1.
/// Throws std::invalid_argument if the variable is not a number from 1.
unsigned usable_cpus();

}  // namespace bulkhead
