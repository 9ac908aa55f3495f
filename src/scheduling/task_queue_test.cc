#include "scheduling/task_queue.h"

#include <vector>

#include <gtest/gtest.h>

namespace bulkhead::scheduling {
namespace {

constexpr TaskTraits kTraits{.function = 1};
constexpr std::uint32_t kAll = 1'000'000;
using Spans = std::vector<TaskSpan>;

TEST(TaskQueueTest, NeighboursWithEqualTraitsAreOneSpan) {
  TaskQueue queue;
  queue.push({1, 1, kTraits});
  queue.push({2, 3, kTraits});
  EXPECT_EQ(queue.take_front(kAll), (TaskSpan{1, 4, kTraits}));
  EXPECT_TRUE(queue.is_empty());
}

TEST(TaskQueueTest, NeighboursWithOtherTraitsStayApart) {
  TaskQueue queue;
  queue.push({1, 2, kTraits});
  queue.push({3, 2, {.function = 2}});
  EXPECT_EQ(queue.take_front(kAll), (TaskSpan{1, 2, kTraits}));
  EXPECT_EQ(queue.take_front(kAll), (TaskSpan{3, 2, {.function = 2}}));
}

TEST(TaskQueueTest, TasksThatComeBackTakeTheirOldPlace) {
  TaskQueue queue;
  queue.push({1, 10, kTraits});
  const TaskSpan first = queue.take_front(2);
  const TaskSpan second = queue.take_front(2);
  queue.push(first);
  queue.push(second);
  EXPECT_EQ(queue.take_front(kAll), (TaskSpan{1, 10, kTraits}));
}

TEST(TaskQueueTest, TakingSplitsASpan) {
  TaskQueue queue;
  queue.push({1, 10, kTraits});
  EXPECT_EQ(queue.take_front(3), (TaskSpan{1, 3, kTraits}));
  EXPECT_EQ(queue.size(), 7U);
  EXPECT_EQ(queue.front(), (TaskSpan{4, 7, kTraits}));
}

TEST(TaskQueueTest, RemovedTaskLeavesBothSidesInOrder) {
  TaskQueue queue;
  queue.push({1, 5, kTraits});
  EXPECT_EQ(queue.take({3, 4}), (Spans{{3, 1, kTraits}}));
  EXPECT_EQ(queue.size(), 4U);
  EXPECT_EQ(queue.take_front(kAll), (TaskSpan{1, 2, kTraits}));
  EXPECT_EQ(queue.take_front(kAll), (TaskSpan{4, 2, kTraits}));
}

TEST(TaskQueueTest, FirstAndLastTaskOfASpanCanBeRemoved) {
  TaskQueue queue;
  queue.push({1, 3, kTraits});
  EXPECT_EQ(queue.take({1, 2}), (Spans{{1, 1, kTraits}}));
  EXPECT_EQ(queue.take({3, 4}), (Spans{{3, 1, kTraits}}));
  EXPECT_EQ(queue.take_front(kAll), (TaskSpan{2, 1, kTraits}));
  EXPECT_TRUE(queue.is_empty());
}

TEST(TaskQueueTest, TaskThatIsNotThereIsNotRemoved) {
  TaskQueue queue;
  EXPECT_TRUE(queue.take({1, 2}).empty());
  queue.push({5, 2, kTraits});
  EXPECT_TRUE(queue.take({4, 5}).empty());
  EXPECT_TRUE(queue.take({7, 8}).empty());
  EXPECT_EQ(queue.size(), 2U);
}

TEST(TaskQueueTest, RangeIsTakenOutOfAllSpansThatItTouches) {
  TaskQueue queue;
  queue.push({1, 4, kTraits});
  queue.push({6, 2, kTraits});
  queue.push({10, 4, kTraits});
  EXPECT_EQ(queue.take({3, 12}), (Spans{{3, 2, kTraits}, {6, 2, kTraits}, {10, 2, kTraits}}));
  EXPECT_EQ(queue.size(), 4U);
  EXPECT_EQ(queue.take_front(kAll), (TaskSpan{1, 2, kTraits}));
  EXPECT_EQ(queue.take_front(kAll), (TaskSpan{12, 2, kTraits}));
}

TEST(TaskQueueTest, RangeCanBeTakenOutOfTheMiddle) {
  TaskQueue queue;
  queue.push({1, 9, kTraits});
  EXPECT_EQ(queue.take({4, 6}), (Spans{{4, 2, kTraits}}));
  EXPECT_EQ(queue.take_front(kAll), (TaskSpan{1, 3, kTraits}));
  EXPECT_EQ(queue.take_front(kAll), (TaskSpan{6, 4, kTraits}));
}

TEST(TaskQueueTest, EmptySpanAddsNothing) {
  TaskQueue queue;
  queue.push({1, 0, kTraits});
  EXPECT_TRUE(queue.is_empty());
}

TEST(TaskQueueTest, SpanThatWouldOverflowItsCountStaysApart) {
  TaskQueue queue;
  queue.push({1, 0xFFFFFFFFU, kTraits});
  queue.push({0x100000000U, 1, kTraits});
  EXPECT_EQ(queue.size(), 0x100000000U);
  EXPECT_EQ(queue.front().count, 0xFFFFFFFFU);
}

}  // namespace
}  // namespace bulkhead::scheduling
