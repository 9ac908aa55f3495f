#include "scheduling/worker_stream.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace bulkhead::scheduling {
namespace {

// A worker that had no chance to run for so long on a busy machine is not stuck yet, however short
// the limits of its tasks are.
constexpr Duration kLeastSecondLook = std::chrono::milliseconds(100);

// A day is as good as forever, and still fits a Duration.
constexpr double kLongestEstimateNs = 24.0 * 3600 * 1e9;

}  // namespace

Sequence WorkerStream::append(const TaskSpan& tasks, Time now) {
  if (live_ == 0) {
    restart_watch(now);
  }
  newest_chunk_ = end_;
  segments_.push_back({end_, tasks, State::Assigned});
  end_ += tasks.count;
  live_ += tasks.count;
  return newest_chunk_;
}

bool WorkerStream::has_waiting_chunk() const {
  if (first_ >= newest_chunk_) {
    return false;
  }
  // The chunk may have been revoked since. Its end decides: revoking starts from there.
  for (auto it = segments_.rbegin(); it != segments_.rend() && it->first >= newest_chunk_; ++it) {
    if (it->state != State::Revoked) {
      return true;
    }
  }
  return false;
}

std::optional<TaskId> WorkerStream::task_at(Sequence place) const {
  if (place < first_ || place >= end_) {
    return std::nullopt;
  }
  const Segment& segment = segments_[segment_of(place)];
  if (segment.state == State::Revoked) {
    return std::nullopt;
  }
  return segment.tasks.first + (place - segment.first);
}

std::optional<TaskSpan> WorkerStream::first_tasks() const {
  if (segments_.empty() || segments_.front().state == State::Revoked) {
    return std::nullopt;
  }
  return segments_.front().tasks;
}

std::vector<WorkerStream::Run> WorkerStream::find_assigned(const TaskRange& tasks) const {
  std::vector<Run> runs;
  for (const Segment& segment : segments_) {
    const TaskSpan part = overlap(segment.tasks, tasks);
    if (segment.state == State::Assigned && part.count > 0) {
      const Sequence first = segment.first + (part.first - segment.tasks.first);
      runs.push_back({{first, first + part.count}, {part.first, part.first + part.count}});
    }
  }
  return runs;
}

bool WorkerStream::is_assigned(Sequence place) const {
  return place >= first_ && place < end_ && segments_[segment_of(place)].state == State::Assigned;
}

std::optional<Sequence> WorkerStream::find_live(TaskId task) const {
  for (const Segment& segment : segments_) {
    const TaskId first = segment.tasks.first;
    if (segment.state != State::Revoked && task >= first && task - first < segment.tasks.count) {
      return segment.first + (task - first);
    }
  }
  return std::nullopt;
}

const TaskTraits& WorkerStream::traits_at(Sequence place) const {
  return segments_[segment_of(place)].tasks.traits;
}

Sequence WorkerStream::behind_under_way() const {
  return is_ready_ ? std::max(first_live(), claimed().value_or(first_)) + 1 : first_;
}

PlaceRange WorkerStream::outranked_by(int priority) const {
  const Sequence from = behind_under_way();
  PlaceRange range{end_, end_};
  for (const Segment& segment : segments_) {
    if (segment.state == State::Assigned && segment.end() > from &&
        segment.tasks.traits.priority < priority) {
      range.first = std::min(range.first, std::max(segment.first, from));
      range.end = segment.end();
    }
  }
  return range;
}

PlaceRange WorkerStream::assigned_from(Sequence from) const {
  PlaceRange range{end_, end_};
  for (const Segment& segment : segments_) {
    if (segment.state != State::Assigned || segment.end() <= from) {
      continue;
    }
    range.first = std::min(range.first, std::max(segment.first, from));
    range.end = segment.end();
  }
  return range;
}

PlaceRange WorkerStream::back_half() const {
  const Sequence from = behind_under_way();
  std::uint64_t waiting = 0;
  for (const Segment& segment : segments_) {
    if (segment.state == State::Assigned && segment.end() > from) {
      waiting += segment.end() - std::max(segment.first, from);
    }
  }
  std::uint64_t wanted = (waiting + 1) / 2;
  PlaceRange range{end_, end_};
  for (auto it = segments_.rbegin(); wanted > 0; ++it) {
    if (it->state == State::Assigned) {
      const std::uint64_t taken = std::min<std::uint64_t>(wanted, it->tasks.count);
      range.first = it->end() - taken;
      wanted -= taken;
    }
  }
  return range;
}

Duration WorkerStream::expected_run_time(const PlaceRange& range, const ChunkSizer& sizer) const {
  double total_ns = 0;
  for (auto it = segments_.rbegin(); it != segments_.rend() && it->end() > range.first; ++it) {
    const Sequence first = std::max(it->first, range.first);
    const Sequence end = std::min(it->end(), range.end);
    if (it->state == State::Assigned && first < end) {
      const auto each =
          static_cast<double>(sizer.expected_run_time(it->tasks.traits.function).count());
      total_ns += each * static_cast<double>(end - first);
    }
  }
  return Duration(static_cast<Duration::rep>(std::min(total_ns, kLongestEstimateNs)));
}

bool WorkerStream::can_finish(std::uint32_t count) const {
  if (count > places()) {
    return false;
  }
  const auto is_beyond = [&](const Segment& segment) { return segment.first >= first_ + count; };
  const auto last = std::find_if(segments_.begin(), segments_.end(), is_beyond);
  return std::none_of(segments_.begin(), last,
                      [](const Segment& segment) { return segment.state == State::Revoked; });
}

std::optional<TaskTraits> WorkerStream::finish(std::uint32_t count, Time now) {
  assert(count > 0 && can_finish(count));
  const TaskTraits first = segments_.front().tasks.traits;
  bool is_same = true;
  live_ -= count;
  while (count > 0) {
    const Segment& segment = segments_.front();
    const std::uint32_t over = std::min(count, segment.tasks.count);
    const TaskTraits& traits = segment.tasks.traits;
    is_same = is_same && traits.function == first.function && traits.cohort == first.cohort;
    count -= over;
    drop_front(over, now);
  }
  return is_same ? std::optional(first) : std::nullopt;
}

bool WorkerStream::can_skip() const {
  return !segments_.empty() && segments_.front().state != State::Assigned;
}

std::optional<TaskSpan> WorkerStream::skip(Time now) {
  assert(can_skip());
  const Segment& segment = segments_.front();
  std::optional<TaskSpan> task;
  if (segment.state == State::Doubtful) {
    task = TaskSpan{segment.tasks.first, 1, segment.tasks.traits};
    --live_;
  }
  drop_front(1, now);
  return task;
}

void WorkerStream::on_claimed(Sequence place, Time since) {
  if (place < first_ || place >= end_ || (claim_ && place < claim_->place)) {
    return;
  }
  if (claim_ && claim_->place == place) {
    claim_->since = std::min(claim_->since, since);
    return;
  }
  claim_ = Claim{place, since};
}

std::optional<Sequence> WorkerStream::claimed() const {
  if (!claim_ || claim_->place < first_) {
    return std::nullopt;
  }
  return claim_->place;
}

std::optional<Sequence> WorkerStream::claimed_live() const {
  const std::optional<Sequence> place = claimed();
  return place && task_at(*place) ? place : std::nullopt;
}

Duration WorkerStream::run_time(Sequence place, Time now) const {
  return claim_ && claim_->place == place ? now - claim_->since : Duration(0);
}

std::vector<TaskSpan> WorkerStream::revoke(const PlaceRange& range) {
  const Sequence first = std::max(range.first, first_);
  const Sequence certain = claimed() ? *claimed() + 1 : first_;
  split_at(first);
  split_at(std::max(first, certain));
  split_at(range.end);
  std::vector<TaskSpan> revoked;
  for (Segment& segment : segments_) {
    if (segment.state != State::Assigned || segment.first < first || segment.first >= range.end) {
      continue;
    }
    if (segment.first < certain) {
      segment.state = State::Doubtful;
      continue;
    }
    segment.state = State::Revoked;
    live_ -= segment.tasks.count;
    revoked.push_back(segment.tasks);
  }
  return revoked;
}

std::optional<Sequence> WorkerStream::under_way(std::optional<Sequence> running) const {
  if (!running || !task_at(*running)) {
    return std::nullopt;
  }
  // A stream is run in order, so an unfinished task before the reported one was under way in truth:
  // the worker had no chance to reach the later one.
  const PlaceRange assigned = assigned_from(first_);
  return std::min(*running, assigned.first);
}

TaskSpan WorkerStream::take(Sequence place) {
  assert(task_at(place));
  split_at(place);
  split_at(place + 1);
  Segment& segment = segments_[segment_of(place)];
  segment.state = State::Revoked;
  --live_;
  return segment.tasks;
}

std::vector<TaskSpan> WorkerStream::take_all() {
  std::vector<TaskSpan> tasks;
  for (Segment& segment : segments_) {
    if (segment.state != State::Revoked) {
      segment.state = State::Revoked;
      tasks.push_back(segment.tasks);
    }
  }
  live_ = 0;
  return tasks;
}

void WorkerStream::on_ready(Time now) {
  if (!is_ready_) {
    is_ready_ = true;
    restart_watch(now);
  }
}

WorkerStream::Lateness WorkerStream::judge(Time now, const RunLimits& limits) {
  const std::optional<Time> limit = deadline(limits);
  if (!limit || now < *limit) {
    return Lateness::None;
  }
  if (claimed_live()) {
    return Lateness::Overrun;
  }
  if (was_silent_) {
    return Lateness::Silence;
  }
  was_silent_ = true;
  watched_since_ = now;
  return Lateness::None;
}

std::optional<Time> WorkerStream::deadline(const RunLimits& limits) const {
  if (!is_ready_ || live_ == 0) {
    return std::nullopt;
  }
  const std::optional<Sequence> claim = claimed_live();
  const Duration timeout = limits.of(traits_at(claim.value_or(first_live())));
  if (timeout <= Duration::zero()) {
    return std::nullopt;
  }
  if (claim) {
    return saturating_add(claim_->since, timeout);
  }
  return saturating_add(watched_since_,
                        was_silent_ ? std::max(timeout, kLeastSecondLook) : timeout);
}

std::size_t WorkerStream::segment_of(Sequence place) const {
  const auto it = std::upper_bound(
      segments_.begin(), segments_.end(), place,
      [](Sequence value, const Segment& segment) { return value < segment.first; });
  return static_cast<std::size_t>(std::distance(segments_.begin(), it)) - 1;
}

Sequence WorkerStream::first_live() const {
  const auto it = std::find_if(segments_.begin(), segments_.end(), [](const Segment& segment) {
    return segment.state != State::Revoked;
  });
  return it == segments_.end() ? end_ : it->first;
}

void WorkerStream::split_at(Sequence place) {
  if (place <= first_ || place >= end_) {
    return;
  }
  const std::size_t index = segment_of(place);
  Segment& segment = segments_[index];
  const auto before = static_cast<std::uint32_t>(place - segment.first);
  if (before == 0) {
    return;
  }
  Segment behind = segment;
  segment.tasks.count = before;
  behind.first = place;
  behind.tasks.first += before;
  behind.tasks.count -= before;
  segments_.insert(segments_.begin() + static_cast<std::ptrdiff_t>(index) + 1, behind);
}

void WorkerStream::drop_front(std::uint32_t count, Time now) {
  Segment& segment = segments_.front();
  segment.first += count;
  segment.tasks.first += count;
  segment.tasks.count -= count;
  first_ += count;
  if (segment.tasks.count == 0) {
    segments_.pop_front();
  }
  restart_watch(now);
}

void WorkerStream::restart_watch(Time now) {
  first_since_ = now;
  watched_since_ = now;
  was_silent_ = false;
}

}  // namespace bulkhead::scheduling
