#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "scheduling/chunk_sizer.h"
#include "scheduling/run_limits.h"
#include "scheduling/task_span.h"

namespace bulkhead::scheduling {

/// Places [first, end) of a stream.
struct PlaceRange {
  Sequence first = 0;
  Sequence end = 0;

  [[nodiscard]] bool is_empty() const { return first >= end; }
};

/// What is in flight on one worker: its places from the first that is neither finished nor skipped
/// to the last assigned one, what is known of each, and since when.
///
/// A place is *assigned*; or *doubtful*: revoked too late to be sure, so that the worker may run it
/// or skip it; or *revoked*: certainly never run there, its task lives elsewhere or is over.
/// Assigned and doubtful places are live.
class WorkerStream {
 public:
  /// Adds the tasks at the end; returns the place of the first of them.
  Sequence append(const TaskSpan& tasks, Time now);

  [[nodiscard]] Sequence first() const { return first_; }  ///< first place not yet over
  [[nodiscard]] Sequence end() const { return end_; }      ///< first place not yet assigned
  [[nodiscard]] std::uint64_t places() const { return end_ - first_; }
  [[nodiscard]] std::uint64_t live() const { return live_; }

  /// Whether live tasks wait behind the chunk that is under way.
  [[nodiscard]] bool has_waiting_chunk() const;

  /// The live task at this place.
  [[nodiscard]] std::optional<TaskId> task_at(Sequence place) const;

  /// The live tasks from the first place on that belong together; none if it was revoked.
  [[nodiscard]] std::optional<TaskSpan> first_tasks() const;

  /// Tasks and their places, side by side.
  struct Run {
    PlaceRange places;
    TaskRange tasks;
  };
  /// Where those of the range are that are assigned there and not revoked, not even in doubt.
  [[nodiscard]] std::vector<Run> find_assigned(const TaskRange& tasks) const;

  /// The task at this place is assigned there, and not in doubt.
  [[nodiscard]] bool is_assigned(Sequence place) const;

  /// The place of this task if it is live there.
  [[nodiscard]] std::optional<Sequence> find_live(TaskId task) const;

  /// What is to be known of the task at this place, which is not over.
  [[nodiscard]] const TaskTraits& traits_at(Sequence place) const;

  /// The smallest range that holds all assigned places with a lower priority, but the one that is
  /// under way. Nothing is under way on a worker that is not ready.
  [[nodiscard]] PlaceRange outranked_by(int priority) const;

  /// The smallest range from `from` on that holds all assigned places there.
  [[nodiscard]] PlaceRange assigned_from(Sequence from) const;

  /// The back half, at least one, of the assigned places behind the one that is under way. Nothing
  /// is under way on a worker that is not ready.
  [[nodiscard]] PlaceRange back_half() const;

  /// What the assigned tasks of this range are expected to take together.
  [[nodiscard]] Duration expected_run_time(const PlaceRange& range, const ChunkSizer& sizer) const;

  // ---- what the worker reports ----

  /// Whether the next `count` places are all live.
  [[nodiscard]] bool can_finish(std::uint32_t count) const;
  /// The next `count` places, all live, are over. Returns the traits of the first if all are of its
  /// function and its cohort.
  std::optional<TaskTraits> finish(std::uint32_t count, Time now);

  /// Whether the next place was revoked, for certain or in doubt.
  [[nodiscard]] bool can_skip() const;
  /// The next place, which can be skipped, is over. Returns its task if that was still live.
  std::optional<TaskSpan> skip(Time now);

  /// The worker has claimed this place. Claims only go forward; the same claim again can only move
  /// its start back in time, so nobody extends a deadline by repeating it.
  void on_claimed(Sequence place, Time since);
  /// The newest claim, if that place is not yet over.
  [[nodiscard]] std::optional<Sequence> claimed() const;
  /// The same if it can mean a run: a revoked place is claimed only to be skipped.
  [[nodiscard]] std::optional<Sequence> claimed_live() const;

  /// How long the claimed place has run; 0 if it is not this one.
  [[nodiscard]] Duration run_time(Sequence place, Time now) const;

  /// Revokes the assigned places of the range: those the worker has claimed, or passed, come in
  /// doubt; the others are revoked, and their tasks returned in order.
  std::vector<TaskSpan> revoke(const PlaceRange& range);

  // ---- what is left when the worker is gone ----

  /// The place that was under way, given what the worker seems to have run; nullopt if that cannot
  /// be true.
  [[nodiscard]] std::optional<Sequence> under_way(std::optional<Sequence> running) const;
  /// Takes the task of a live place out.
  TaskSpan take(Sequence place);
  /// Takes all live tasks out, in order.
  std::vector<TaskSpan> take_all();

  // ---- deadlines ----

  enum class Lateness : std::uint8_t {
    None,
    Overrun,  ///< the claimed task has passed its limit
    Silence,  ///< a task with a limit was not claimed for twice that limit: the worker is stuck
  };

  /// The worker runs: from now on it can be late. Said again it changes nothing.
  void on_ready(Time now);
  [[nodiscard]] bool is_ready() const { return is_ready_; }
  /// The worker was suspected for no good reason: what it has not claimed has its full limit again.
  void restart_watch(Time now);
  /// Judges the deadline if it has passed; a first silence only sets the next one.
  Lateness judge(Time now, const RunLimits& limits);
  /// When to judge next; nullopt: nothing here has a limit.
  [[nodiscard]] std::optional<Time> deadline(const RunLimits& limits) const;
  /// Since when the first place is the first.
  [[nodiscard]] Time first_since() const { return first_since_; }

 private:
  enum class State : std::uint8_t { Assigned, Doubtful, Revoked };

  /// Consecutive places of one chunk in the same state.
  struct Segment {
    Sequence first = 0;
    TaskSpan tasks;
    State state = State::Assigned;

    [[nodiscard]] Sequence end() const { return first + tasks.count; }
  };
  struct Claim {
    Sequence place = 0;
    Time since;
  };

  [[nodiscard]] std::size_t segment_of(Sequence place) const;
  [[nodiscard]] Sequence first_live() const;
  /// The first place that cannot be under way.
  [[nodiscard]] Sequence behind_under_way() const;
  void split_at(Sequence place);
  void drop_front(std::uint32_t count, Time now);

  std::deque<Segment> segments_;  // cover [first_, end_) without gaps
  Sequence first_ = 0;
  Sequence end_ = 0;
  Sequence newest_chunk_ = 0;  // the first place of the chunk that was appended last
  std::uint64_t live_ = 0;

  std::optional<Claim> claim_;  // the newest; may lie before first_
  bool is_ready_ = false;
  Time first_since_;
  Time watched_since_;       // an unclaimed task has one limit from here on
  bool was_silent_ = false;  // it was already found unclaimed once
};

}  // namespace bulkhead::scheduling
