#include "executors/task_table.h"

#include <deque>
#include <random>

#include <gtest/gtest.h>

namespace bulkhead::executors {
namespace {

/// A group of so many tasks that does nothing.
class SomeTasks final : public detail::TaskGroup {
 public:
  explicit SomeTasks(std::size_t size) : TaskGroup(nullptr, {}), size_(size) {}
  std::size_t size() const override { return size_; }
  std::optional<std::uint64_t> index_of(std::size_t) const override { return std::nullopt; }
  bool is_awaited() const override { return true; }
  std::size_t chunk_size() const override { return 0; }
  detail::EncodedItems::Run arguments(std::size_t, std::size_t, std::size_t) const override {
    return {};
  }
  void complete(std::size_t, const transport::PayloadRun&, int) override {}
  void complete_large(std::size_t, Bytes, int) override {}

 private:
  void on_failed(std::size_t, Failure) override {}

  std::size_t size_;
};

std::shared_ptr<SomeTasks> tasks(std::size_t size) {
  return std::make_shared<SomeTasks>(size);
}

TEST(TaskTableTest, IdsAreConsecutive) {
  TaskTable table;
  const std::uint64_t first = table.next_id();
  EXPECT_EQ(table.add(tasks(3)), first);
  EXPECT_EQ(table.add(tasks(1)), first + 3);
  EXPECT_EQ(table.next_id(), first + 4);
}

TEST(TaskTableTest, TaskIsFoundInItsGroup) {
  TaskTable table;
  const auto small = tasks(1);
  const auto large = tasks(100);
  table.add(small);
  const std::uint64_t id = table.add(large);
  EXPECT_EQ(table.at(id + 40).group, large);
  EXPECT_EQ(table.at(id + 40).index, 40U);
  EXPECT_EQ(table.at(id + 40).left(), 60U);
  EXPECT_EQ(table.at(id - 1).group, small);
}

TEST(TaskTableTest, GroupIsLetGoWithItsLastTask) {
  TaskTable table;
  auto group = tasks(10);
  const std::weak_ptr<SomeTasks> watched = group;
  const std::uint64_t id = table.add(std::move(group));
  table.close(id + 5, 5);
  table.close(id, 4);
  EXPECT_FALSE(watched.expired());
  table.close(id + 4, 1);
  EXPECT_TRUE(watched.expired());
}

TEST(TaskTableTest, WalkGoesFromGroupToGroup) {
  TaskTable table;
  const auto first = tasks(5);
  const auto second = tasks(1);
  const auto third = tasks(2);
  const std::uint64_t id = table.add(first);
  table.add(second);
  table.add(third);
  TaskTable::Walk walk(table, id + 1);
  const auto expect_step = [&walk](std::size_t most, const auto& group, std::size_t index,
                                   std::size_t count) {
    const auto step = walk.next(most);
    EXPECT_EQ(&step.group, group.get());
    EXPECT_EQ(step.first, index);
    EXPECT_EQ(step.count, count);
  };
  expect_step(3, first, 1, 3);
  expect_step(100, first, 4, 1);
  expect_step(100, second, 0, 1);
  expect_step(1, third, 0, 1);
  expect_step(1, third, 1, 1);
}

TEST(TaskTableTest, TasksEndInAnyOrder) {
  TaskTable table;
  std::minstd_rand random(1);
  std::deque<std::pair<std::uint64_t, std::shared_ptr<SomeTasks>>> open;
  for (int turn = 0; turn < 20'000; ++turn) {
    if (random() % 2 == 0 && open.size() < 500) {
      const auto group = tasks(1 + random() % 3);
      const std::uint64_t first = table.add(group);
      for (std::uint64_t i = 0; i < group->size(); ++i) {
        open.emplace_back(first + i, group);
      }
    } else if (!open.empty()) {
      const auto at = open.begin() + static_cast<std::ptrdiff_t>(random() % open.size());
      ASSERT_EQ(table.at(at->first).group, at->second) << turn;
      table.close(at->first, 1);
      open.erase(at);
    }
  }
}

}  // namespace
}  // namespace bulkhead::executors
