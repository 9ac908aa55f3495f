#include "scheduling/fake_pool.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace bulkhead::scheduling {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

std::string name(WorkerId id) {
  return "w" + std::to_string(id);
}

}  // namespace

FakePool::FakePool(std::uint64_t seed)
    : random_(seed),
      max_workers_(static_cast<unsigned>(1 + below(4))),
      scheduler_({.max_workers = max_workers_,
                  .max_in_flight = chance(30) ? static_cast<std::uint32_t>(1 + below(6)) : 8192}) {
  if (chance(70)) {
    misbehaviour_ = {.crash = static_cast<unsigned>(below(30)),
                     .death = static_cast<unsigned>(below(10)),
                     .failed_start = static_cast<unsigned>(chance(10) ? 100 : below(30)),
                     .freeze = static_cast<unsigned>(below(5))};
  }
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

// ---- what may happen next
// ------------------------------------------------------------------------

void FakePool::happen() {
  WorkerId id = 0;
  Worker* worker = random_worker(id);
  const std::uint64_t dice = below(100);
  if (dice < 8) {
    submit();
  } else if (dice < 14) {
    cancel();
  } else if (dice < 22) {
    pass_time(microseconds(below(chance(10) ? 200'000 : 2'000)));
  } else if (dice == 22 && chance(10)) {
    shut_down(chance(50));
  } else if (worker == nullptr) {
    pass_time(milliseconds(below(200)));
  } else if (dice < 60) {
    step(id);
  } else if (dice < 85) {
    read_reports(id);
  } else if (dice < 88) {
    try_to_lie(id);
  } else if (dice < 92) {
    worker->is_frozen = chance(misbehaviour_.freeze * 10);
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

// ---- the workers
// ---------------------------------------------------------------------------------

bool FakePool::step(WorkerId id) {
  Worker& worker = workers_.at(id);
  if (worker.life == Life::Dead || worker.is_frozen) {
    return false;
  }
  if (worker.life == Life::Starting) {
    worker.life = chance(misbehaviour_.failed_start) ? Life::Dead : Life::Alive;
    if (worker.life == Life::Alive) {
      tell(name(id) + " is ready");
      scheduler_.on_worker_ready(id, now_);
      note_commands();
    }
    return true;
  }
  if (worker.phase == Phase::Claimed) {
    look_at_ban(id, worker);
    return true;
  }
  if (worker.phase == Phase::Running) {
    const Task& task = tasks_[worker.stream[worker.position].task];
    const bool hangs = task.traits.timeout > Duration(0) && task.starts + id % 5 == 1;
    if (!hangs) {
      end_run(id, worker);
    }
    return !hangs;
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

// ---- the commands
// --------------------------------------------------------------------------------

void FakePool::note_commands() {
  for (const Command& command : scheduler_.take_commands()) {
    std::visit([this](const auto& content) { note(content); }, command);
    commands_.push_back(command);
  }
  check_rest();
}

void FakePool::note(const StartWorker& command) {
  tell("> start " + name(command.worker));
  announced_.insert(command.worker);
  check(scheduler_.live_workers() <= max_workers_, "there are never more workers than allowed");
}

void FakePool::note(const Assign& command) {
  tell("> assign " + name(command.worker) + " " + std::to_string(command.tasks.first) + "+" +
       std::to_string(command.tasks.count));
  for (TaskId id = command.tasks.first; id < command.tasks.first + command.tasks.count; ++id) {
    Task& task = tasks_[id];
    check(!task.is_over, "a task that is over is not assigned");
    check(task.worker == 0, "a task is in flight on one worker only");
    check(task.traits == command.tasks.traits, "a task keeps its traits");
    task.worker = command.worker;
    if (task.starts > 0) {
      check(command.tasks.count == 1, "a retry is assigned alone");
      check(scheduler_.next_sequence(command.worker) == command.first,
            "a retry is assigned to a worker with nothing in flight");
      continue;
    }
    check(!pending_.empty() && *pending_.begin() == id, "tasks are assigned in order");
    pending_.erase(id);
  }
}

void FakePool::note(const Kill& command) {
  tell("> kill " + name(command.worker));
  workers_.at(command.worker).is_condemned = true;
}

void FakePool::note(const Retire& command) {
  tell("> retire " + name(command.worker));
  check(is_shut_down_, "workers are kept until shutdown");
  const auto it = workers_.find(command.worker);
  if (it != workers_.end()) {
    check(!it->second.is_condemned, "a worker is retired once");
    it->second.is_condemned = true;
  }
}

void FakePool::note(const Finish& command) {
  tell("> finish " + std::to_string(command.task) + " verdict " +
       std::to_string(static_cast<int>(command.verdict)));
  Task& task = tasks_[command.task];
  check(!task.is_over, "a task has one outcome");
  check(command.attempts == task.starts, "the attempts are counted");
  check(command.worker == task.last_worker, "the worker that ran a task is named");
  task.is_over = true;
  task.worker = 0;
  pending_.erase(command.task);
  const bool has_retry = task.starts <= task.traits.retries;
  switch (command.verdict) {
    case Verdict::Cancelled:
      check(task.starts == 0, "a cancelled task was never started");
      check(task.was_unwanted || is_shut_down_, "only who asks is cancelled");
      break;
    case Verdict::TimedOut:
      check(task.starts > 0 && task.traits.timeout > Duration(0), "only what runs can time out");
      break;
    case Verdict::Crashed:
      check(task.starts > 0, "a task that was never started has not crashed");
      check(!has_retry || task.was_unwanted || is_cancelling_, "retries are used");
      break;
    case Verdict::Broken:
      check(scheduler_.is_broken(), "only a broken pool gives up");
      check(misbehaviour_.failed_start + misbehaviour_.death > 0, "a healthy pool never breaks");
      break;
  }
}

void FakePool::carry_out_all() {
  while (!commands_.empty() && !broken_promise_) {
    const Command command = commands_.front();
    commands_.pop_front();
    std::visit([this](const auto& content) { carry_out(content); }, command);
    WorkerId id = 0;
    if (!is_quiet_ && chance(30) && random_worker(id) != nullptr &&
        workers_.at(id).life == Life::Alive) {
      step(id);
    }
  }
}

void FakePool::carry_out(const StartWorker& command) {
  announced_.erase(command.worker);
  workers_[command.worker];
  if (chance(misbehaviour_.failed_start / 4)) {
    workers_[command.worker].life = Life::Dead;
    report_exit(command.worker);
  }
}

void FakePool::carry_out(const Assign& command) {
  const auto it = workers_.find(command.worker);
  if (it == workers_.end()) {
    return;
  }
  std::vector<Place>& stream = it->second.stream;
  check(command.first == stream.size(), "places are numbered without gaps");
  for (std::uint32_t i = 0; i < command.tasks.count; ++i) {
    stream.push_back({.task = command.tasks.first + i});
  }
}

void FakePool::carry_out(const Revoke& command) {
  const auto it = workers_.find(command.worker);
  if (it == workers_.end()) {
    return;
  }
  Worker& worker = it->second;
  check(command.first < command.end && command.end <= worker.stream.size(), "a revoke has a range");
  for (Sequence place = command.first; place < command.end; ++place) {
    worker.stream[place].is_banned = true;
  }
  if (!is_quiet_ && chance(30) && worker.life == Life::Alive && worker.phase != Phase::Resting) {
    step(command.worker);
  }
  for (Sequence place = command.first; place < command.end; ++place) {
    Place& revoked = worker.stream[place];
    if (revoked.is_revoked || place < worker.reported ||
        (worker.claimed && place <= *worker.claimed)) {
      continue;
    }
    revoked.is_revoked = true;
    leave_worker(revoked.task);
  }
  tell(name(command.worker) + " is asked to leave out " + std::to_string(command.first) + " to " +
       std::to_string(command.end));
  scheduler_.on_revoke_answered(command.worker, worker.claimed, now_);
  note_commands();
}

void FakePool::carry_out(const Kill& command) {
  const auto it = workers_.find(command.worker);
  if (it == workers_.end()) {
    return;
  }
  Worker& worker = it->second;
  check(!worker.was_killed, "a worker is killed once");
  if (worker.phase == Phase::Running && worker.life != Life::Dead) {
    const Duration timeout = tasks_[worker.stream[worker.position].task].traits.timeout;
    check(timeout > Duration(0) && now_ >= worker.claimed_since + timeout,
          "a kill never hits an innocent task");
  }
  worker.was_killed = true;
  worker.life = Life::Dead;
}

void FakePool::carry_out(const Retire& command) {
  if (const auto it = workers_.find(command.worker); it != workers_.end()) {
    it->second.is_retiring = true;
  }
}

// ---- what is always true
// -------------------------------------------------------------------------

void FakePool::check_rest() {
  if (chance(10)) {
    check_counts();
  }
  if (scheduler_.queued_tasks() == 0 || !commands_.empty()) {
    return;
  }
  for (const auto& [id, worker] : workers_) {
    check(worker.is_condemned || worker.reported < worker.stream.size(),
          "nobody is idle while tasks wait");
  }
}

void FakePool::check_counts() {
  std::size_t in_flight = 0;
  std::size_t unfinished = 0;
  for (const auto& [id, task] : tasks_) {
    in_flight += task.worker != 0 ? 1U : 0U;
    unfinished += task.is_over ? 0U : 1U;
  }
  check(scheduler_.in_flight_tasks() == in_flight, "what is in flight is known");
  check(scheduler_.queued_tasks() == unfinished - in_flight, "what waits is known");
}

void FakePool::check(bool is_kept, const char* promise) {
  if (!is_kept && !broken_promise_) {
    broken_promise_ = promise;
    tell(std::string("BROKEN: ") + promise);
  }
}

void FakePool::tell(std::string line) {
  constexpr std::size_t kLongestStory = 60;
  if (story_.size() == kLongestStory) {
    story_.pop_front();
  }
  story_.push_back(std::move(line));
}

FakePool::Worker* FakePool::random_worker(WorkerId& id) {
  if (workers_.empty()) {
    return nullptr;
  }
  const auto it = std::next(workers_.begin(), static_cast<std::ptrdiff_t>(below(workers_.size())));
  id = it->first;
  return &it->second;
}

}  // namespace bulkhead::scheduling
