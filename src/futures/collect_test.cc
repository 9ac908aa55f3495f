// One future of many.

#include <list>
#include <vector>

#include <gtest/gtest.h>

#include <bulkhead/collect.h>

#include "futures/fake_task.h"

namespace bulkhead {
namespace {

struct CollectTest : testing::Test {
  std::shared_ptr<FakeDriver> driver = std::make_shared<FakeDriver>();
  FakeTask<int> a{driver, 1};
  FakeTask<int> b{driver, 2};
  FakeTask<int> c{driver, 3};
  std::vector<Future<int>> futures{a.future(), b.future(), c.future()};
};

TEST_F(CollectTest, GivesTheValuesInTheOrderOfTheRange) {
  const Future<std::vector<int>> all = collect(futures);
  c.complete(3);
  a.complete(1);
  EXPECT_FALSE(all.done());
  b.complete(2);
  EXPECT_EQ(all.get(), (std::vector{1, 2, 3}));
}

TEST_F(CollectTest, OfNothingIsDone) {
  EXPECT_TRUE(collect(std::vector<Future<int>>()).get().empty());
}

TEST_F(CollectTest, OfFuturesOfVoidIsAFutureOfVoid) {
  const FakeTask<void> nothing;
  const Future<void> all = collect(std::list{nothing.future()});
  nothing.end(Bytes());
  EXPECT_TRUE(all.outcome().has_value());
}

TEST_F(CollectTest, FailsAsTheFirstInOrderThatFails) {
  const auto all = collect(futures);
  c.fail(FailureKind::Exited);
  b.fail(FailureKind::Crashed);
  EXPECT_FALSE(all.done());
  a.complete(1);
  EXPECT_EQ(all.outcome().error().kind, FailureKind::Crashed);
}

TEST_F(CollectTest, DoesNotWaitForWhatComesBehindAFailure) {
  const auto all = collect(futures);
  a.fail(FailureKind::Crashed);
  EXPECT_TRUE(all.done());
  EXPECT_FALSE(futures[1].done());
  b.complete(2);
  c.complete(3);
}

TEST_F(CollectTest, IsCancelledIfOneIs) {
  const auto all = collect(futures);
  a.fail(FailureKind::Cancelled);
  EXPECT_TRUE(all.cancelled());
  b.complete(2);
  c.complete(3);
}

TEST_F(CollectTest, CancelCancelsAll) {
  const std::vector tasks{a, b, c};
  driver->on_cancel = [&] { tasks.at(*driver->cancelled - 1).fail(FailureKind::Cancelled); };
  EXPECT_TRUE(collect(futures).cancel());
  for (const auto& future : futures) {
    EXPECT_TRUE(future.cancelled());
  }
}

TEST_F(CollectTest, MayBeCollectedAndContinued) {
  const auto sum =
      collect(std::vector{collect(futures), collect(futures)}).then([](const auto& all) {
        return all.at(0).at(2) + all.at(1).at(2);
      });
  a.complete(1);
  b.complete(2);
  c.complete(3);
  EXPECT_EQ(sum.get(), 6);
}

TEST_F(CollectTest, ThatContainsWhatWaitsForItFails) {
  std::optional<Future<std::vector<int>>> all;
  const Future<std::vector<int>> next = a.future().then([&all](int) { return *all; });
  all = collect(std::vector{next.then([](const std::vector<int>& v) { return v.at(0); })});
  a.complete(1);
  EXPECT_THROW(all->get(), std::logic_error);
  b.complete(2);
  c.complete(3);
}

}  // namespace
}  // namespace bulkhead
