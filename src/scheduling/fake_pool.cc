#include "scheduling/fake_pool.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace bulkhead::scheduling {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

}  // namespace

FakePool::FakePool(std::uint64_t seed)
    : random_(seed),
      options_{.max_workers = static_cast<unsigned>(1 + below(4)),
               .max_in_flight = chance(30) ? static_cast<std::uint32_t>(1 + below(6)) : 8192,
               .max_tasks_per_worker = chance(30) ? 1 + below(5) : 0,
               .idle_timeout = chance(30) ? microseconds(1 + below(5'000)) : Duration(0)},
      scheduler_(options_) {
  if (chance(70)) {
    misbehaviour_ = {.crash = static_cast<unsigned>(below(30)),
                     .death = static_cast<unsigned>(below(10)),
                     .failed_start = static_cast<unsigned>(chance(10) ? 100 : below(30)),
                     .freeze = static_cast<unsigned>(below(60)),
                     .departure = static_cast<unsigned>(chance(20) ? below(20) : 0)};
  }
  misbehaviour_.slowness = static_cast<unsigned>(chance(50) ? 0 : below(95));
}

std::optional<std::string> FakePool::play() {
  const std::uint64_t steps = 20 + below(300);
  for (std::uint64_t i = 0; i < steps && !broken_promise_; ++i) {
    happen();
  }
  if (!broken_promise_) {
    end_fairly();
  }
  return broken_promise_;
}

std::string FakePool::name(WorkerId id) {
  return "w" + std::to_string(id);
}

// ---- what may happen next ----

void FakePool::happen() {
  WorkerId id = 0;
  Worker* worker = random_worker(id);
  const std::uint64_t dice = below(100);
  if (dice < 8) {
    submit();
  } else if (dice < 14) {
    cancel();
  } else if (dice < 22) {
    pass_time(microseconds(below(chance(25) ? 200'000 : 2'000)));
  } else if (dice == 22 && chance(10)) {
    shut_down(chance(50));
  } else if (dice == 23 && chance(40)) {
    resize();
  } else if (dice == 24 && chance(40)) {
    boot_up();
  } else if (worker == nullptr) {
    pass_time(milliseconds(below(200)));
  } else if (dice < 60) {
    step(id);
  } else if (dice < 85) {
    read_reports(id);
  } else if (dice < 88) {
    try_to_lie(id);
  } else if (dice < 92) {
    worker->is_frozen = chance(misbehaviour_.freeze);
  }
  if (chance(70)) {
    carry_out_all();
  }
}

void FakePool::submit() {
  constexpr Duration kTimeouts[] = {Duration(0), Duration(0), milliseconds(5), milliseconds(50)};
  const TaskTraits traits{.function = below(3),
                          .timeout = kTimeouts[below(std::size(kTimeouts))],
                          .retries = static_cast<unsigned>(below(3))};
  const TaskSpan span{next_task_, static_cast<std::uint32_t>(1 + below(chance(30) ? 60 : 4)),
                      traits};
  next_task_ += span.count;
  for (TaskId task = span.first; task < next_task_; ++task) {
    tasks_[task].traits = traits;
    pending_.insert(task);
  }
  tell("submit " + std::to_string(span.first) + "+" + std::to_string(span.count));
  scheduler_.on_submitted(span, now_);
  note_commands();
}

void FakePool::cancel() {
  if (tasks_.empty()) {
    return;
  }
  const TaskId id = 1 + below(next_task_ - 1);
  Task& task = tasks_[id];
  task.was_unwanted = true;
  bool must_work = commands_.empty() && task.starts == 0;
  if (const auto it = workers_.find(task.worker); must_work && it != workers_.end()) {
    const auto& places = it->second.stream;
    const auto place = std::find_if(places.rbegin(), places.rend(),
                                    [id](const Place& p) { return p.task == id && !p.is_revoked; });
    const auto sequence = static_cast<Sequence>(std::distance(place, places.rend()) - 1);
    must_work = !place->is_banned && sequence > it->second.claimed.value_or(0);
  }
  tell("cancel " + std::to_string(id));
  scheduler_.on_cancel_requested(id, now_);
  note_commands();
  if (must_work) {
    is_quiet_ = true;
    carry_out_all();
    is_quiet_ = false;
    check(task.is_over, "a task that nobody claimed can be cancelled");
  }
}

void FakePool::pass_time(Duration duration) {
  now_ += duration;
  tell("time " + std::to_string(duration / microseconds(1)) + " us");
  for (const auto& [id, worker] : workers_) {
    if (worker.claimed) {
      scheduler_.on_claimed(id, *worker.claimed, worker.claimed_since, now_);
    }
  }
  scheduler_.on_time(now_);
  note_commands();
  if (commands_.empty()) {
    const auto deadline = scheduler_.next_deadline();
    check(!deadline || *deadline > now_, "a deadline that was judged is not the next one");
  }
}

void FakePool::shut_down(bool cancel_pending) {
  tell(cancel_pending ? "shut down, cancelling" : "shut down");
  is_shut_down_ = true;
  is_cancelling_ = is_cancelling_ || cancel_pending;
  scheduler_.on_shutdown(cancel_pending, now_);
  note_commands();
}

void FakePool::resize() {
  options_.max_workers = static_cast<unsigned>(1 + below(6));
  tell("resize to " + std::to_string(options_.max_workers));
  scheduler_.on_resized(options_.max_workers, now_);
  note_commands();
}

void FakePool::boot_up() {
  tell("boot up");
  scheduler_.on_boot_up(now_);
  note_commands();
}

void FakePool::end_fairly() {
  is_fair_ = true;
  shut_down(chance(20));
  for (int i = 0; i < 20'000 && !scheduler_.is_finished() && !broken_promise_; ++i) {
    if (everything_moves()) {
      continue;
    }
    const auto deadline = scheduler_.next_deadline();
    check(deadline.has_value(), "while tasks are left, something moves or a time is set");
    if (deadline) {
      pass_time(std::max(*deadline - now_, Duration(1)));
    }
  }
  check(scheduler_.is_finished(), "every history ends");
  for (const auto& [id, task] : tasks_) {
    check(task.is_over, "every task has an outcome");
  }
  check(!scheduler_.next_deadline(), "a finished pool waits for nothing");
  check(!scheduler_.is_booting(), "a boot-up ends");
}

bool FakePool::everything_moves() {
  bool has_moved = !commands_.empty();
  carry_out_all();
  std::vector<WorkerId> ids;
  for (auto& [id, worker] : workers_) {
    worker.is_frozen = false;
    ids.push_back(id);
  }
  for (const WorkerId id : ids) {
    const bool has_stepped = step(id);
    const bool has_read = read_reports(id);
    has_moved = has_moved || has_stepped || has_read;
  }
  return has_moved;
}

// ---- the workers ----

bool FakePool::step(WorkerId id) {
  Worker& worker = workers_.at(id);
  if (worker.life == Life::Dead || worker.is_frozen) {
    return false;
  }
  if (worker.life == Life::Starting) {
    end_start(id, worker);
    return true;
  }
  if (worker.phase == Phase::Claimed) {
    look_at_ban(id, worker);
    return true;
  }
  if (worker.phase == Phase::Running) {
    const Task& task = tasks_[worker.stream[worker.position].task];
    const bool hangs = task.traits.timeout > Duration(0) && (task.starts + id) % 5 == 1;
    if (!hangs && !chance(misbehaviour_.slowness)) {
      end_run(id, worker);
    }
    return !hangs;
  }
  if (worker.is_leaving) {
    die(id, worker);
    return true;
  }
  if (worker.reports.empty() && chance(misbehaviour_.departure)) {
    leave(id, worker);
    return true;
  }
  if (worker.position < worker.stream.size()) {
    worker.claimed = worker.position;
    worker.claimed_since = now_;
    worker.phase = Phase::Claimed;
    return true;
  }
  if (worker.is_retiring || chance(misbehaviour_.death)) {
    die(id, worker);
    return true;
  }
  return false;
}

void FakePool::end_start(WorkerId id, Worker& worker) {
  if (chance(misbehaviour_.failed_start)) {
    die(id, worker);
    return;
  }
  worker.life = Life::Alive;
  tell(name(id) + " is ready");
  scheduler_.on_worker_ready(id, now_);
  note_commands();
}

void FakePool::look_at_ban(WorkerId id, Worker& worker) {
  const Place& place = worker.stream[worker.position];
  if (place.is_banned) {
    worker.reports.push_back(false);
    ++worker.position;
    worker.phase = Phase::Resting;
    return;
  }
  if (chance(misbehaviour_.death)) {
    die(id, worker);
    return;
  }
  Task& task = tasks_[place.task];
  tell(name(id) + " runs " + std::to_string(place.task));
  worker.phase = Phase::Running;
  check(!task.is_over, "a task that is over is not started");
  check(task.worker == id, "a task is started only where it is in flight");
  check(task.starts < 1 + task.traits.retries, "a task is started at most 1 + retries times");
  ++worker.runs;
  check(options_.max_tasks_per_worker == 0 || worker.runs <= options_.max_tasks_per_worker,
        "no worker runs more tasks than it may");
  check(task.starts == 0 || worker.stream.size() == worker.position + 1, "a retry runs alone");
  ++task.starts;
  task.last_worker = id;
}

void FakePool::end_run(WorkerId id, Worker& worker) {
  if (chance(misbehaviour_.crash)) {
    die(id, worker);
    return;
  }
  worker.reports.push_back(true);
  ++worker.position;
  worker.phase = Phase::Resting;
}

void FakePool::die(WorkerId id, Worker& worker) {
  tell(name(id) + " dies");
  worker.life = Life::Dead;
}

void FakePool::leave(WorkerId id, Worker& worker) {
  tell(name(id) + " leaves");
  worker.is_leaving = true;
  worker.is_condemned = true;
  scheduler_.on_worker_leaving(id, now_);
  note_commands();
}

bool FakePool::read_reports(WorkerId id) {
  Worker& worker = workers_.at(id);
  if (worker.reports.empty()) {
    if (worker.life == Life::Dead) {
      report_exit(id);
      return true;
    }
    return false;
  }
  const bool is_result = worker.reports.front();
  std::uint32_t count = 0;
  do {
    const TaskId id_of_task = worker.stream[worker.reported].task;
    Task& task = tasks_[id_of_task];
    if (is_result) {
      check(scheduler_.task_at(id, worker.reported) == id_of_task, "results come in order");
      check(!task.is_over, "a result is the first outcome");
      task.is_over = true;
      task.worker = 0;
    } else if (!worker.stream[worker.reported].is_revoked) {
      leave_worker(id_of_task);
    }
    worker.reports.pop_front();
    ++worker.reported;
    ++count;
  } while (is_result && !worker.reports.empty() && worker.reports.front() && chance(80));
  tell(name(id) + (is_result ? " reports results: " : " reports skips: ") + std::to_string(count));
  const bool is_believed = is_result
                               ? scheduler_.on_finished(id, count, microseconds(below(60)), now_)
                               : scheduler_.on_skipped(id, now_);
  check(is_believed, "an honest worker is believed");
  note_commands();
  check(workers_.contains(id) && scheduler_.next_sequence(id) == worker.reported,
        "the scheduler knows how far a worker is");
  return true;
}

void FakePool::report_exit(WorkerId id) {
  const Worker worker = std::move(workers_.extract(id).mapped());
  std::optional<Sequence> running;
  if (worker.phase == Phase::Running) {
    running = worker.position;
  }
  for (auto& [task_id, task] : tasks_) {
    if (task.worker == id) {
      leave_worker(task_id);
    }
  }
  tell(name(id) + " is gone");
  scheduler_.on_worker_exited(id, running, now_);
  note_commands();
}

void FakePool::leave_worker(TaskId id) {
  Task& task = tasks_[id];
  task.worker = 0;
  if (task.starts == 0) {
    pending_.insert(id);
  }
}

void FakePool::try_to_lie(WorkerId id) {
  const Worker& worker = workers_.at(id);
  const auto places = static_cast<std::uint32_t>(worker.stream.size() - worker.reported);
  if (commands_.empty()) {
    check(!scheduler_.on_finished(id, places + 1, Duration(1), now_), "too many results are a lie");
  }
  if (places > 0 && !worker.stream[worker.reported].is_banned) {
    check(!scheduler_.on_skipped(id, now_), "skipping what was not revoked is a lie");
  }
  check(scheduler_.take_commands().empty(), "a lie changes nothing");
}

}  // namespace bulkhead::scheduling
