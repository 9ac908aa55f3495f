#include "scheduling/task_lanes.h"

#include <vector>

#include <gtest/gtest.h>

namespace bulkhead::scheduling {
namespace {

TaskSpan tasks(TaskId first, std::uint32_t count, int priority) {
  return {first, count, {.priority = priority}};
}

TEST(TaskLanesTest, HigherLanesGoFirstAndEachInOrder) {
  TaskLanes lanes;
  lanes.push(tasks(1, 2, 0));
  lanes.push(tasks(3, 1, -2));
  lanes.push(tasks(4, 1, 7));
  lanes.push(tasks(5, 1, 7));
  EXPECT_EQ(lanes.size(), 5U);
  std::vector<TaskId> order;
  while (!lanes.is_empty()) {
    order.push_back(lanes.take_front(1).first);
  }
  EXPECT_EQ(order, (std::vector<TaskId>{4, 5, 1, 2, 3}));
  EXPECT_EQ(lanes.size(), 0U);
}

TEST(TaskLanesTest, TasksAreTakenFromWhateverLaneTheyAreIn) {
  TaskLanes lanes;
  lanes.push(tasks(1, 1, 0));
  lanes.push(tasks(2, 1, 1));
  EXPECT_EQ(lanes.take({2, 3}), std::vector{tasks(2, 1, 1)});
  EXPECT_TRUE(lanes.take({2, 3}).empty());
  EXPECT_EQ(lanes.front().first, 1U);
  EXPECT_EQ(lanes.take({1, 3}), std::vector{tasks(1, 1, 0)});
  EXPECT_TRUE(lanes.is_empty());
}

}  // namespace
}  // namespace bulkhead::scheduling
