// How the scheduler staffs a pool: when a worker is started, and when one is told to leave.

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

#include "scheduling/scheduler.h"

namespace bulkhead::scheduling {

// ---- events ----

void Scheduler::on_worker_leaving(WorkerId id, Time now) {
  Worker* worker = find(id);
  if (worker == nullptr || worker->mode == Mode::Killed || worker->mode == Mode::Terminated ||
      worker->mode == Mode::Leaving) {
    return;
  }
  worker->mode = Mode::Leaving;
  const PlaceRange pending = worker->stream.assigned_from(worker->stream.first());
  if (!pending.is_empty()) {
    request_revoke(*worker, pending, Purpose::Departure);
  }
  settle(now);
}

void Scheduler::on_resized(unsigned max_workers, Time now) {
  options_.max_workers = std::max(max_workers, 1U);
  sizer_.set_workers(options_.max_workers);
  choose_surplus();
  settle(now);
}

void Scheduler::on_boot_up(Time now) {
  is_booting_ = true;
  missing_workers_ = options_.max_workers;
  settle(now);
}

// ---- starting ----

bool Scheduler::wants_start() const {
  if (is_broken_ || workers_.size() >= options_.max_workers) {
    return false;
  }
  // After many failures the starts under way must show first whether there is any hope left.
  const auto is_starting = [](const auto& entry) { return !entry.second.stream.is_ready(); };
  return !starts_.has_lost_hope() || std::none_of(workers_.begin(), workers_.end(), is_starting);
}

Scheduler::Worker* Scheduler::started_worker(Time now) {
  if (!wants_start() || now < starts_.not_before()) {
    return nullptr;
  }
  const WorkerId id = next_worker_++;
  Worker& worker = workers_[id];
  worker.id = id;
  worker.round = starts_.round();
  commands_.emplace_back(StartWorker{id});
  return &worker;
}

void Scheduler::boot(Time now) {
  if (!is_booting_) {
    return;
  }
  const bool is_hopeless = is_broken_ || is_shut_down_ || starts_.has_lost_hope();
  const std::size_t places =
      options_.max_workers - std::min<std::size_t>(workers_.size(), options_.max_workers);
  missing_workers_ = is_hopeless ? 0 : static_cast<unsigned>(places);
  while (missing_workers_ > 0 && started_worker(now) != nullptr) {
    --missing_workers_;
  }
  const auto is_starting = [](const auto& entry) {
    return entry.second.mode == Mode::Open && !entry.second.stream.is_ready();
  };
  is_booting_ = missing_workers_ > 0 || std::any_of(workers_.begin(), workers_.end(), is_starting);
}

// ---- leaving ----

std::uint64_t Scheduler::tasks_left(const Worker& worker) const {
  if (worker.is_surplus) {
    return 0;
  }
  if (options_.max_tasks_per_worker == 0) {
    return std::numeric_limits<std::uint64_t>::max();
  }
  return options_.max_tasks_per_worker -
         std::min(options_.max_tasks_per_worker, worker.ended_tasks + worker.stream.live());
}

void Scheduler::choose_surplus() {
  std::vector<Worker*> kept;
  for (auto& [id, worker] : workers_) {
    if (worker.mode == Mode::Open || worker.mode == Mode::Closing) {
      kept.push_back(&worker);
    }
  }
  // Who works stays, then who is warm.
  std::ranges::sort(kept, [](const Worker* a, const Worker* b) {
    const auto worth = [](const Worker* worker) {
      return std::tuple(worker->stream.live() > 0, worker->stream.is_ready(), worker->idle_rank);
    };
    return worth(a) > worth(b);
  });
  has_surplus_ = kept.size() > options_.max_workers;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    Worker& worker = *kept[i];
    const bool was_surplus = std::exchange(worker.is_surplus, i >= options_.max_workers);
    const PlaceRange pending = worker.stream.assigned_from(worker.stream.first());
    if (worker.is_surplus && !was_surplus && worker.mode == Mode::Open && !pending.is_empty()) {
      request_revoke(worker, pending, Purpose::Departure);
    }
  }
}

void Scheduler::retire_workers(Time now) {
  if (!is_shut_down_ && !has_surplus_ && options_.max_tasks_per_worker == 0 &&
      options_.idle_timeout <= Duration::zero()) {
    return;
  }
  const bool is_over = is_shut_down_ && queued_tasks() == 0 && in_flight_tasks() == 0;
  for (auto& [id, worker] : workers_) {
    if (worker.mode != Mode::Open) {
      continue;
    }
    const auto reason = is_over ? std::optional(Reason::Shutdown) : reason_to_leave(worker, now);
    if (reason) {
      worker.mode = Mode::Retired;
      commands_.emplace_back(Retire{id, *reason});
    }
  }
}

std::optional<Reason> Scheduler::reason_to_leave(const Worker& worker, Time now) const {
  if (worker.stream.live() > 0) {
    return std::nullopt;
  }
  if (worker.is_surplus) {
    return Reason::Surplus;
  }
  if (tasks_left(worker) == 0) {
    return Reason::UsedUp;
  }
  const auto limit = idle_limit(worker);
  return limit && now >= *limit ? std::optional(Reason::Idle) : std::nullopt;
}

std::optional<Time> Scheduler::idle_limit(const Worker& worker) const {
  const bool has_limit = options_.idle_timeout > Duration::zero();
  if (!has_limit || !worker.is_idle() || !worker.stream.is_ready()) {
    return std::nullopt;
  }
  const Time since = worker.stream.first_since();
  return options_.idle_timeout > Time::max() - since ? Time::max() : since + options_.idle_timeout;
}

}  // namespace bulkhead::scheduling
