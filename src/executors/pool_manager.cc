#include "executors/pool_manager.h"

#include <algorithm>
#include <utility>

#include <bulkhead/error.h>

#include "executors/lockdown.h"
#include "executors/pool_options.h"
#include "executors/single_task.h"
#include "executors/start_server.h"
#include "executors/worker_life.h"
#include "futures/continuations.h"
#include "os/forks.h"

namespace bulkhead::executors {

namespace {

/// A task that makes a pool whose tasks make a pool and so on would take all processes there are.
constexpr unsigned kDeepestNesting = 10;

/// Looks for the mutex before a sleep. It is mostly held for a microsecond; to fall asleep and to
/// be woken takes ten, of both threads.
constexpr int kLooksForMutex = 50;

/// Throws StartError if there is no value.
template <class T>
T or_throw(os::Result<T> result) {
  if (!result) {
    throw StartError("cannot start a process pool: " + result.error().message());
  }
  if constexpr (!std::is_void_v<T>) {
    return std::move(*result);
  }
}

/// More never fits into one worker's stream.
std::uint32_t chunk_size_of(std::size_t asked) {
  return static_cast<std::uint32_t>(std::min<std::size_t>(asked, transport::kMaxInFlight));
}

scheduling::TaskTraits traits_of(const detail::TaskGroup& group) {
  const TaskOptions& options = group.options();
  return {.function = group.function().id,
          .timeout = options.timeout,
          .retries = options.retries,
          .grace = options.grace,
          .retry_delay = options.retry_delay,
          .retries_failures = options.retry_on == RetryOn::Failure,
          .priority = options.priority,
          .chunk_size = chunk_size_of(group.chunk_size()),
          .relative_timeout = options.relative_timeout,
          .cohort = group.cohort()};
}

scheduling::TaskRange tasks_of(const detail::TaskBatch& batch) {
  return {batch.first_id(), batch.first_id() + batch.size()};
}

}  // namespace

std::shared_ptr<PoolManager> PoolManager::start(const PoolOptions& options) {
  os::count_forks();
  check(options);
  if (nesting_depth() >= kDeepestNesting) {
    throw StartError("cannot start a process pool: pools are nested " +
                     std::to_string(kDeepestNesting) + " deep already");
  }
  if (is_locked_down()) {
    throw StartError("cannot start a process pool: the sandbox of this worker forbids processes");
  }
  require_layers(options.sandbox);
  PoolOptions resolved = options;
  resolved.start_method = resolve(options.start_method);
  resolved.max_workers = options.max_workers != 0 ? options.max_workers : usable_cpus();
  auto server = or_throw(start_server(resolved.start_method));
  // What a forked child inherits of a manager it must not take apart: it would wait for threads
  // that it does not have, and end the pool of its parent.
  const auto end = [](PoolManager* manager) {
    if (manager->is_of_this_process()) {
      delete manager;
    }
  };
  const std::shared_ptr<PoolManager> manager(
      new PoolManager(resolved, std::move(server), or_throw(os::Poller::create()),
                      or_throw(os::Doorbell::create())),
      end);
  or_throw(manager->poller_.watch(manager->kick_.fd(), kKickTag));
  manager->watch_server();
  manager->start_thread();
  return manager;
}

PoolManager::PoolManager(const PoolOptions& options, os::ForkServer server, os::Poller poller,
                         os::Doorbell kick)
    : options_(options),
      poller_(std::move(poller)),
      kick_(std::move(kick)),
      server_(std::move(server)),
      max_workers_(options.max_workers),
      scheduler_({.max_workers = options.max_workers,
                  .max_in_flight = transport::kMaxInFlight,
                  .max_tasks_per_worker = options.max_tasks_per_child,
                  .idle_timeout = options.idle_timeout}) {}

PoolManager::Lock PoolManager::hold() {
  // Asked first: the mutex may have been held, by a thread that is not here, when this process was
  // forked.
  if (!is_of_this_process()) {
    throw WrongProcess(
        "this executor was made by another process: make one in this process, or hand its results "
        "over as values");
  }
  return Lock(*this);
}

PoolManager::~PoolManager() {
  stop_thread();
  if (thread_.joinable()) {
    thread_.detach();  // This is the thread itself, on its last steps.
  }
}

std::shared_ptr<const detail::Function> PoolManager::define(detail::PackedCallable callable) {
  return functions_.define(std::move(callable));
}

std::shared_ptr<detail::FutureState> PoolManager::submit(
    std::shared_ptr<const detail::Function> function, Bytes arguments, TaskOptions options) {
  std::shared_ptr<detail::SingleTask> task;
  {
    const Lock lock = hold();
    require_open();
    task = std::make_shared<detail::SingleTask>(std::move(function), std::move(arguments),
                                                std::move(options), weak_from_this(),
                                                tasks_.next_id());
    if (task->options().stop.stop_requested()) {
      task->fail(0, Failure{.kind = FailureKind::Cancelled});
    } else {
      submit(std::shared_ptr<detail::TaskGroup>(task));
    }
  }
  detail::SingleTask::obey(task);
  return detail::SingleTask::future_of(task);
}

void PoolManager::submit(std::shared_ptr<detail::TaskBatch> batch) {
  const Lock lock = hold();
  require_open();
  batch->set_first_id(tasks_.next_id());
  submit(std::shared_ptr<detail::TaskGroup>(std::move(batch)));
}

void PoolManager::require_open() const {
  if (is_shut_down_) {
    throw ShutdownError("cannot submit after shutdown");
  }
}

void PoolManager::submit(std::shared_ptr<detail::TaskGroup> group) {
  const auto count = static_cast<std::uint32_t>(group->size());
  const scheduling::TaskTraits traits = traits_of(*group);
  if (group->is_awaited()) {
    ++awaited_tasks_;
    pay(transport::Attention::Asleep);
  }
  const scheduling::TaskSpan tasks{tasks_.add(std::move(group)), count, traits};
  if (!postponed_starts_.empty() || !scheduler_.queue_behind(tasks)) {
    scheduler_.on_submitted(tasks, Clock::now());
    carry_out_commands();
  }
}

std::size_t PoolManager::wanted(const detail::Function& function, std::size_t chunk_size,
                                std::size_t unfinished, std::size_t) {
  const Lock lock = hold();
  const std::size_t appetite = scheduler_.appetite(function.id, chunk_size_of(chunk_size));
  return appetite > unfinished ? appetite - unfinished : 0;
}

void PoolManager::cancel(std::uint64_t task) {
  cancel(scheduling::TaskRange{task, task + 1});
}

void PoolManager::cancel(const detail::TaskBatch& batch) {
  cancel(tasks_of(batch));
}

void PoolManager::cancel(const scheduling::TaskRange& tasks) {
  if (!is_of_this_process()) {
    return;  // Nothing runs here that could be cancelled.
  }
  const Lock lock(*this);
  scheduler_.on_cancel_requested(tasks, Clock::now());
  carry_out_commands();
}

void PoolManager::kill(std::uint64_t task) {
  kill(scheduling::TaskRange{task, task + 1});
}

void PoolManager::kill(const detail::TaskBatch& batch) {
  kill(tasks_of(batch));
}

void PoolManager::kill(const scheduling::TaskRange& tasks) {
  if (!is_of_this_process()) {
    return;
  }
  const Lock lock(*this);
  drain_all();  // They may be over: then no worker has to die for them.
  scheduler_.on_kill_requested(tasks, Clock::now());
  carry_out_commands();
}

std::optional<PoolManager::Run> PoolManager::run_of(std::uint64_t task) const {
  const auto at = scheduler_.whereabouts(task);
  const auto seat = at ? seats_.find(at->worker) : seats_.end();
  if (seat == seats_.end() || task_under_way(at->worker, seat->second) != task) {
    return std::nullopt;
  }
  return Run{seat->second, at->place};
}

std::optional<std::uint64_t> PoolManager::task_under_way(WorkerId worker,
                                                         const WorkerSeat& seat) const {
  // The worker's word counts only for the task whose turn it is.
  const scheduling::Sequence next = scheduler_.next_sequence(worker);
  return seat.channel().running() == next ? scheduler_.task_at(worker, next) : std::nullopt;
}

bool PoolManager::is_running(std::uint64_t task) {
  if (!is_of_this_process()) {
    return false;
  }
  const Lock lock(*this);
  return run_of(task).has_value();
}

std::optional<double> PoolManager::progress(std::uint64_t task) {
  if (!is_of_this_process()) {
    return std::nullopt;
  }
  const Lock lock(*this);
  const auto run = run_of(task);
  return run ? run->seat.channel().progress(run->place) : std::nullopt;
}

void PoolManager::shutdown(ShutdownOptions options) {
  {
    Lock lock = hold();
    is_shut_down_ = true;
    scheduler_.on_shutdown(options.cancel_futures, Clock::now());
    carry_out_commands();
    if (!options.wait) {
      return;
    }
    drive(
        lock, [this] { return scheduler_.is_finished(); }, std::nullopt);
  }
  stop_thread();
}

void PoolManager::close_and_cancel() {
  is_shut_down_ = true;
  scheduler_.on_shutdown(/*cancel_pending=*/true, Clock::now());
  carry_out_commands();
}

void PoolManager::kill_workers() {
  const Lock lock = hold();
  close_and_cancel();
  for (auto& [worker, seat] : seats_) {
    kill_worker(seat, worker, "all workers were killed on request");
  }
}

void PoolManager::terminate_workers(std::chrono::nanoseconds grace) {
  const Lock lock = hold();
  close_and_cancel();
  for (auto& [worker, seat] : seats_) {
    carry_out(scheduling::Terminate{worker});
    seat.must_leave_within(grace);
  }
  carry_out_commands();  // The alarm is for the first that must be gone.
}

PoolStats PoolManager::stats() {
  const Lock lock = hold();
  PoolStats stats{.workers = {dead_.begin(), dead_.end()},
                  .completed = completed_,
                  .crashed = crashed_,
                  .used_up = departures_.used_up,
                  .idled_out = departures_.idle,
                  .over_memory = departures_.over_memory,
                  .last_trouble = last_trouble_};
  for (auto& [worker, seat] : seats_) {
    stats.workers.push_back(seat.stats(true));
    if (const auto task = task_under_way(worker, seat)) {
      stats.workers.back().task = tasks_.at(*task).group->options().name;
      ++stats.running;
    }
  }
  stats.queued = scheduler_.queued_tasks() + scheduler_.in_flight_tasks() - stats.running;
  return stats;
}

PoolManager::Lock::Lock(PoolManager& manager)
    : std::unique_lock<std::mutex>(manager.mutex_, std::defer_lock), manager_(manager) {
  lock();
}

PoolManager::Lock::~Lock() {
  if (owns_lock()) {
    unlock();
  }
  detail::run_in_turn();
}

void PoolManager::Lock::lock() {
  for (int i = 0; i < kLooksForMutex; ++i) {
    if (try_lock()) {
      return;
    }
    std::this_thread::yield();
  }
  std::unique_lock<std::mutex>::lock();
}

void PoolManager::Lock::unlock() {
  manager_.tell_waiters();
  std::unique_lock<std::mutex>::unlock();
}

void PoolManager::nudge() noexcept {
  nudged_.store(true);
  kick_.ring();
}

}  // namespace bulkhead::executors
