// How the scheduler places tasks: which worker gets the next ones, and when an idle worker takes
// some from a busy one.

#include <algorithm>
#include <utility>

#include "scheduling/scheduler.h"

namespace bulkhead::scheduling {
namespace {

// What a theft must save at least. Taking tasks back and waking an idle worker costs about a tenth
// of the first, starting a new one up to the second.
constexpr Duration kLeastSavingOfIdleWorker = std::chrono::microseconds(50);
constexpr Duration kLeastSavingOfNewWorker = std::chrono::milliseconds(1);

// Tasks behind one that has run for so long are worth a rescue however short they are themselves.
constexpr Duration kLongRun = std::chrono::milliseconds(1);

}  // namespace

void Scheduler::settle(Time now) {
  end_delays(now);
  // A retry that finds no worker of its own holds back the tasks behind it: would they go on, no
  // worker might ever become idle.
  while (!retries_.is_empty() && place_retry(now)) {
  }
  while (retries_.is_empty() && !queue_.is_empty() && place_chunk(now)) {
  }
  steal(now);
  boot(now);
  retire_workers(now);
}

void Scheduler::end_delays(Time now) {
  while (!delayed_.empty() && delayed_.begin()->first <= now) {
    retries_.push(delayed_.begin()->second);
    delayed_.erase(delayed_.begin());
  }
}

void Scheduler::overtake(const TaskSpan& tasks) {
  if (tasks.count == 1 && (idle_worker() != nullptr || wants_start())) {
    return;
  }
  for (auto& [id, worker] : workers_) {
    // A worker with an unanswered Revoke may be about to lose the same tasks anyway.
    if (worker.mode != Mode::Open || !worker.revokes.empty() || worker.runs_retry) {
      continue;
    }
    const PlaceRange outranked = worker.stream.outranked_by(tasks.traits.priority);
    if (!outranked.is_empty()) {
      request_revoke(worker, outranked, Purpose::Overtake);
    }
  }
}

bool Scheduler::place_retry(Time now) {
  Worker* worker = idle_or_started_worker(now);
  if (worker == nullptr) {
    return false;
  }
  assign(*worker, retries_.take_front(1), now);
  worker->runs_retry = true;
  return true;
}

bool Scheduler::place_chunk(Time now) {
  Worker* worker = idle_or_started_worker(now);
  if (worker == nullptr) {
    worker = prefetching_worker();
  }
  if (worker == nullptr) {
    return false;
  }
  const TaskSpan& next = queue_.front();
  const std::uint64_t room =
      std::min(options_.max_in_flight - worker->stream.places(), tasks_left(*worker));
  const std::uint32_t size = next.traits.chunk_size != 0
                                 ? next.traits.chunk_size
                                 : sizer_.chunk_size(next.traits.function, next.count);
  assign(*worker,
         queue_.take_front(static_cast<std::uint32_t>(std::min<std::uint64_t>(size, room))), now);
  return true;
}

void Scheduler::assign(Worker& worker, const TaskSpan& tasks, Time now) {
  worker.runs_retry = false;
  commands_.emplace_back(Assign{worker.id, worker.stream.append(tasks, now), tasks});
}

const Scheduler::Worker* Scheduler::idle_worker() const {
  const Worker* best = nullptr;
  const auto rank = [](const Worker& worker) {
    return std::pair(worker.stream.is_ready(),
                     worker.idle_rank);  // The last one to stop has warm caches.
  };
  for (const auto& [id, worker] : workers_) {
    if (worker.is_idle() && tasks_left(worker) > 0 &&
        (best == nullptr || rank(worker) > rank(*best))) {
      best = &worker;
    }
  }
  return best;
}

Scheduler::Worker* Scheduler::idle_or_started_worker(Time now) {
  if (const Worker* worker = idle_worker()) {
    return find(worker->id);
  }
  return started_worker(now);
}

Scheduler::Worker* Scheduler::prefetching_worker() {
  Worker* best = nullptr;
  for (auto& [id, worker] : workers_) {
    const WorkerStream& stream = worker.stream;
    const bool is_alone = worker.runs_retry && stream.live() > 0;
    if (worker.mode == Mode::Open && tasks_left(worker) > 0 && !is_alone &&
        !stream.has_waiting_chunk() && stream.places() < options_.max_in_flight &&
        (best == nullptr || stream.live() < best->stream.live())) {
      best = &worker;
    }
  }
  return best;
}

bool Scheduler::has_placeable() const {
  return !queue_.is_empty() || !retries_.is_empty();
}

void Scheduler::steal(Time now) {
  const std::optional<Theft> theft = possible_theft();
  if (!theft || now < theft->not_before) {
    return;
  }
  Worker* victim = nullptr;
  PlaceRange loot;
  Duration most = Duration::zero();
  for (auto& [id, worker] : workers_) {
    if (!can_be_robbed(worker, *theft)) {
      continue;
    }
    const PlaceRange range = worker.stream.back_half();
    const Duration saving = worker.stream.expected_run_time(range, sizer_);
    const bool is_worth_it =
        saving >= theft->least_saving || now >= worker.stream.first_since() + kLongRun;
    if (!range.is_empty() && is_worth_it && (victim == nullptr || saving > most)) {
      victim = &worker;
      loot = range;
      most = saving;
    }
  }
  if (victim != nullptr) {
    robbed_ = victim->id;
    request_revoke(*victim, loot, Purpose::Steal);
  }
}

std::optional<Scheduler::Theft> Scheduler::possible_theft() const {
  if (robbed_ || has_placeable() || workers_.empty()) {
    return std::nullopt;
  }
  if (const Worker* thief = idle_worker()) {
    return Theft{Time::min(), kLeastSavingOfIdleWorker, thief->stream.is_ready()};
  }
  if (wants_start()) {
    return Theft{starts_.not_before(), kLeastSavingOfNewWorker, false};
  }
  return std::nullopt;
}

bool Scheduler::can_be_robbed(const Worker& worker, const Theft& theft) {
  // A worker with an unanswered Revoke may be about to lose the same tasks anyway. One that is not
  // ready has nothing under way, so it can lose its only task, but only to one that can run it now.
  return worker.revokes.empty() &&
         (worker.stream.is_ready() ? worker.stream.live() > 1
                                   : worker.stream.live() > 0 && theft.runs_at_once);
}

std::optional<Time> Scheduler::next_rescue() const {
  std::optional<Time> next;
  const std::optional<Theft> theft = possible_theft();
  if (!theft) {
    return next;
  }
  for (const auto& [id, worker] : workers_) {
    if (can_be_robbed(worker, *theft) && !worker.stream.back_half().is_empty()) {
      const Time time = std::max(worker.stream.first_since() + kLongRun, theft->not_before);
      next = std::min(next.value_or(time), time);
    }
  }
  return next;
}

}  // namespace bulkhead::scheduling
