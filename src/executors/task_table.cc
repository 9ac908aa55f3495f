#include "executors/task_table.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace bulkhead::executors {

std::uint64_t TaskTable::add(std::shared_ptr<detail::TaskGroup> group) {
  const std::uint64_t first = next_id_;
  const std::size_t count = group->size();
  assert(count > 0);
  next_id_ += count;
  entries_.push_back({first, next_id_, count, std::move(group)});
  return first;
}

TaskTable::Place TaskTable::at(std::uint64_t id) {
  const Entry& entry = entries_[find(id)];
  return {entry.group, static_cast<std::size_t>(id - entry.first)};
}

void TaskTable::close(std::uint64_t id, std::size_t count) {
  Entry& entry = entries_[find(id)];
  assert(entry.open >= count && id + count <= entry.end);
  entry.open -= count;
  if (entry.open == 0) {
    entry.group.reset();
    ++closed_;
    drop_closed();
  }
}

std::size_t TaskTable::find(std::uint64_t id) {
  // Tasks are asked for one after the other: it is mostly the last one found, or its neighbour.
  for (std::size_t near = last_found_; near < std::min(last_found_ + 2, entries_.size()); ++near) {
    if (entries_[near].first <= id && id < entries_[near].end) {
      return last_found_ = near;
    }
  }
  const auto behind =
      std::upper_bound(entries_.begin(), entries_.end(), id,
                       [](std::uint64_t value, const Entry& entry) { return value < entry.first; });
  assert(behind != entries_.begin());
  last_found_ = static_cast<std::size_t>(behind - entries_.begin()) - 1;
  return last_found_;
}

void TaskTable::drop_closed() {
  while (!entries_.empty() && entries_.front().open == 0) {
    entries_.pop_front();
    --closed_;
    last_found_ -= std::min<std::size_t>(last_found_, 1);
  }
  // Behind a task that runs for hours millions may come and go. Dropping them when they are half of
  // all costs each of them a constant.
  constexpr std::size_t kFew = 64;
  if (closed_ > kFew && closed_ > entries_.size() / 2) {
    std::erase_if(entries_, [](const Entry& entry) { return entry.open == 0; });
    closed_ = 0;
    last_found_ = 0;
  }
}

}  // namespace bulkhead::executors
