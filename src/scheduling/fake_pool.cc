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
                     .failure = static_cast<unsigned>(below(40)),
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
    chance(50) ? cancel() : kill();
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
                          .retries = static_cast<unsigned>(below(3)),
                          .grace = milliseconds(chance(30) ? below(20) : 0),
                          .retry_delay = milliseconds(chance(20) ? 5 : 0),
                          .retries_failures = chance(30),
                          .priority = chance(20) ? static_cast<int>(below(3)) - 1 : 0};
  const TaskSpan span{next_task_, static_cast<std::uint32_t>(1 + below(chance(30) ? 60 : 4)),
                      traits};
  next_task_ += span.count;
  for (TaskId task = span.first; task < next_task_; ++task) {
    tasks_[task].traits = traits;
    pending_.insert(rank(task));
  }
  tell("submit " + std::to_string(span.first) + "+" + std::to_string(span.count));
  if (chance(50) || !scheduler_.queue_behind(span)) {
    scheduler_.on_submitted(span, now_);
  }
  note_commands();
}

bool FakePool::is_surely_not_claimed(TaskId id) const {
  const Task& task = tasks_.at(id);
  if (!commands_.empty() || task.starts > 0) {
    return false;
  }
  const auto it = workers_.find(task.worker);
  if (it == workers_.end()) {
    return true;
  }
  const auto& places = it->second.stream;
  const auto place = std::find_if(places.rbegin(), places.rend(),
                                  [id](const Place& p) { return p.task == id && !p.is_revoked; });
  const auto sequence = static_cast<Sequence>(std::distance(place, places.rend()) - 1);
  return !place->is_banned && sequence > it->second.claimed.value_or(0);
}

TaskRange FakePool::random_tasks() {
  const TaskId first = 1 + below(next_task_ - 1);
  return {first, std::min(next_task_, first + 1 + (chance(30) ? below(50) : 0))};
}

std::vector<TaskId> FakePool::surely_not_claimed(const TaskRange& tasks) const {
  std::vector<TaskId> found;
  for (TaskId id = tasks.first; id < tasks.end; ++id) {
    if (is_surely_not_claimed(id)) {
      found.push_back(id);
    }
  }
  return found;
}

void FakePool::expect_over(const std::vector<TaskId>& tasks, const char* promise) {
  if (tasks.empty()) {
    return;
  }
  is_quiet_ = true;
  carry_out_all();
  is_quiet_ = false;
  for (const TaskId id : tasks) {
    check(tasks_.at(id).is_over, promise);
  }
}

void FakePool::cancel() {
  if (tasks_.empty()) {
    return;
  }
  const TaskRange range = random_tasks();
  for (TaskId id = range.first; id < range.end; ++id) {
    tasks_.at(id).was_unwanted = true;
  }
  const auto certain = surely_not_claimed(range);
  tell("cancel " + std::to_string(range.first) + "-" + std::to_string(range.end));
  scheduler_.on_cancel_requested(range, now_);
  note_commands();
  expect_over(certain, "a task that nobody claimed can be cancelled");
}

void FakePool::kill() {
  if (tasks_.empty()) {
    return;
  }
  const TaskRange range = random_tasks();
  for (TaskId id = range.first; id < range.end; ++id) {
    tasks_.at(id).was_unwanted = true;
    tasks_.at(id).was_doomed = true;
  }
  const auto certain = surely_not_claimed(range);
  tell("kill " + std::to_string(range.first) + "-" + std::to_string(range.end));
  scheduler_.on_kill_requested(range, now_);
  note_commands();
  expect_over(certain, "a task that nobody claimed can be killed");
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

}  // namespace bulkhead::scheduling
