#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>

#include "executors/task_group.h"

namespace bulkhead::executors {

/// The tasks of a pool that are not over. Ids are consecutive, in the order of submission. A group
/// is one entry, however many tasks it has.
class TaskTable {
 public:
  /// One task of a group.
  struct Place {
    const std::shared_ptr<detail::TaskGroup>& group;
    std::size_t index;

    /// Tasks of the group from this one on.
    std::size_t left() const { return group->size() - index; }
  };

  /// The id that the first task of the next group gets.
  std::uint64_t next_id() const noexcept { return next_id_; }
  /// Takes in a group, with one task at least. Returns the id of its first task.
  std::uint64_t add(std::shared_ptr<detail::TaskGroup> group);

  /// Goes through tasks that are not over, in the order of their ids.
  class Walk {
   public:
    /// The table must not change meanwhile.
    Walk(TaskTable& table, std::uint64_t first) : table_(table), id_(first) {}

    struct Step {
      detail::TaskGroup& group;
      std::size_t first;
      std::size_t count;
    };
    /// The next tasks of one group, `most` of them at most.
    Step next(std::size_t most);

   private:
    TaskTable& table_;
    std::uint64_t id_;
  };

  /// The task must not be over. Valid until the next call that changes the table.
  Place at(std::uint64_t id);
  /// So many tasks from `id` on, all of one group, are over.
  void close(std::uint64_t id, std::size_t count);

 private:
  struct Entry {
    std::uint64_t first;
    std::uint64_t end;
    std::size_t open;  ///< tasks that are not over; 0: the entry is only in the way
    std::shared_ptr<detail::TaskGroup> group;
  };

  std::size_t find(std::uint64_t id);
  void drop_closed();

  std::deque<Entry> entries_;  ///< in the order of their ids
  std::size_t last_found_ = 0;
  std::size_t closed_ = 0;  ///< entries of which no task is open
  std::uint64_t next_id_ = 1;
};

inline TaskTable::Walk::Step TaskTable::Walk::next(std::size_t most) {
  const Place place = table_.at(id_);
  const std::size_t count = std::min(most, place.left());
  id_ += count;
  return {*place.group, place.index, count};
}

}  // namespace bulkhead::executors
