#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "scheduling/task_span.h"

namespace bulkhead::scheduling {

/// Tasks that wait for a worker, always in the order of their ids, which is the order of
/// submission: a task that comes back from a worker takes its old place. It holds spans, not tasks:
/// neighbours with equal traits are one entry, so a million queued items cost as much as one.
class TaskQueue {
 public:
  /// Adds tasks that are not in the queue.
  void push(const TaskSpan& tasks);

  [[nodiscard]] bool is_empty() const { return spans_.empty(); }
  [[nodiscard]] std::size_t size() const { return size_; }

  /// The first tasks that may travel together. Only if not empty.
  [[nodiscard]] const TaskSpan& front() const { return spans_.begin()->second; }

  /// Takes the first `count` tasks, or as many as may travel together. Only if not empty.
  TaskSpan take_front(std::uint32_t count);

  /// Takes out those of the range that are here, and returns them in order.
  std::vector<TaskSpan> take(const TaskRange& tasks);

 private:
  using Spans = std::map<TaskId, TaskSpan>;  // by first task
  void join_with_next(Spans::iterator it);
  /// Adds the follower to the span, if they may travel together and nothing is between them.
  static bool join(TaskSpan& span, const TaskSpan& follower);

  Spans spans_;
  std::size_t size_ = 0;  // tasks in all spans
};

}  // namespace bulkhead::scheduling
