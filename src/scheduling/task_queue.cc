#include "scheduling/task_queue.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <limits>
#include <utility>

namespace bulkhead::scheduling {

void TaskQueue::push(const TaskSpan& tasks) {
  if (tasks.count == 0) {
    return;
  }
  size_ += tasks.count;
  // New tasks come last, mostly behind others of their kind.
  if (!spans_.empty() && join(spans_.rbegin()->second, tasks)) {
    return;
  }
  const auto it = spans_.emplace_hint(spans_.end(), tasks.first, tasks);
  join_with_next(it);
  if (it != spans_.begin()) {
    join_with_next(std::prev(it));
  }
}

void TaskQueue::join_with_next(Spans::iterator it) {
  const auto next = std::next(it);
  if (next == spans_.end()) {
    return;
  }
  assert(it->first + it->second.count <= next->first && "a task is queued twice");
  if (join(it->second, next->second)) {
    spans_.erase(next);
  }
}

bool TaskQueue::join(TaskSpan& span, const TaskSpan& follower) {
  if (span.first + span.count != follower.first || span.traits != follower.traits ||
      follower.count > std::numeric_limits<std::uint32_t>::max() - span.count) {
    return false;
  }
  span.count += follower.count;
  return true;
}

TaskSpan TaskQueue::take_front(std::uint32_t count) {
  auto node = spans_.extract(spans_.begin());
  TaskSpan& span = node.mapped();
  TaskSpan taken = span;
  taken.count = std::min(count, span.count);
  size_ -= taken.count;
  if (taken.count < span.count) {
    span.first += taken.count;
    span.count -= taken.count;
    node.key() = span.first;
    spans_.insert(spans_.begin(), std::move(node));
  }
  return taken;
}

std::vector<TaskSpan> TaskQueue::take(const TaskRange& tasks) {
  std::vector<TaskSpan> taken;
  auto it = spans_.upper_bound(tasks.first);
  if (it != spans_.begin()) {
    --it;
  }
  while (it != spans_.end() && it->first < tasks.end) {
    const TaskSpan span = it->second;
    const TaskSpan part = overlap(span, tasks);
    if (part.count == 0) {
      ++it;
      continue;
    }
    taken.push_back(part);
    size_ -= part.count;
    const auto before = static_cast<std::uint32_t>(part.first - span.first);
    const std::uint32_t behind = span.count - before - part.count;
    if (behind > 0) {
      const TaskId first = part.first + part.count;
      spans_.emplace_hint(std::next(it), first, TaskSpan{first, behind, span.traits});
    }
    it->second.count = before;
    it = before > 0 ? std::next(it) : spans_.erase(it);
  }
  return taken;
}

}  // namespace bulkhead::scheduling
