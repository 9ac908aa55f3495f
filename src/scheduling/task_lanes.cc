#include "scheduling/task_lanes.h"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace bulkhead::scheduling {

void TaskLanes::push(const TaskSpan& tasks) {
  const int priority = tasks.traits.priority;
  if (priority == 0) {
    usual_.push(tasks);
  } else if (tasks.count > 0) {
    others_[priority].push(tasks);
  }
}

std::size_t TaskLanes::size() const {
  return std::accumulate(
      others_.begin(), others_.end(), usual_.size(),
      [](std::size_t sum, const Lanes::value_type& lane) { return sum + lane.second.size(); });
}

bool TaskLanes::is_usual_first() const {
  return others_.empty() || (others_.begin()->first < 0 && !usual_.is_empty());
}

const TaskSpan& TaskLanes::front() const {
  return is_usual_first() ? usual_.front() : others_.begin()->second.front();
}

TaskSpan TaskLanes::take_front(std::uint32_t count) {
  if (is_usual_first()) {
    return usual_.take_front(count);
  }
  const auto lane = others_.begin();
  const TaskSpan taken = lane->second.take_front(count);
  if (lane->second.is_empty()) {
    others_.erase(lane);
  }
  return taken;
}

std::vector<TaskSpan> TaskLanes::take(const TaskRange& tasks) {
  std::vector<TaskSpan> taken = usual_.take(tasks);
  for (auto lane = others_.begin(); lane != others_.end();) {
    std::ranges::move(lane->second.take(tasks), std::back_inserter(taken));
    lane = lane->second.is_empty() ? others_.erase(lane) : std::next(lane);
  }
  return taken;
}

}  // namespace bulkhead::scheduling
