#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <vector>

#include "scheduling/task_queue.h"

namespace bulkhead::scheduling {

/// Tasks that wait for a worker, by priority: one TaskQueue for each priority that is in use, the
/// highest first. Tasks of the usual priority, 0, cost what they cost in a TaskQueue.
class TaskLanes {
 public:
  /// Adds tasks that are not in here, to the lane of their traits.
  void push(const TaskSpan& tasks);

  [[nodiscard]] bool is_empty() const { return usual_.is_empty() && others_.empty(); }
  [[nodiscard]] std::size_t size() const;

  /// The first tasks of the highest lane that may travel together. Only if not empty.
  [[nodiscard]] const TaskSpan& front() const;

  /// Takes the first `count` of front(), or as many as there are. Only if not empty.
  TaskSpan take_front(std::uint32_t count);

  /// Takes out those of the range that are here, in the order of each lane.
  std::vector<TaskSpan> take(const TaskRange& tasks);

 private:
  using Lanes = std::map<int, TaskQueue, std::greater<>>;

  [[nodiscard]] bool is_usual_first() const;

  TaskQueue usual_;  // priority 0
  Lanes others_;     // none of them is empty
};

}  // namespace bulkhead::scheduling
