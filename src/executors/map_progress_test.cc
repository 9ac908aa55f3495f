#include <gtest/gtest.h>

#include <bulkhead/map_progress.h>

namespace bulkhead {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST(MapProgressTest, TheRestTakesAsLongForEachItemAsThoseBefore) {
  const MapProgress progress{.taken = 20, .finished = 10, .total = 40, .elapsed = seconds(2)};
  EXPECT_EQ(progress.items_per_second(), 5);
  EXPECT_EQ(progress.remaining(), seconds(6));
}

TEST(MapProgressTest, NobodyKnowsTheRestBeforeTheFirstItemIsOver) {
  const MapProgress progress{.taken = 20, .total = 40, .elapsed = seconds(2)};
  EXPECT_EQ(progress.items_per_second(), 0);
  EXPECT_EQ(progress.remaining(), std::nullopt);
}

TEST(MapProgressTest, NobodyKnowsTheRestOfAnInputThatMayHaveNoEnd) {
  const MapProgress progress{.taken = 20, .finished = 10, .elapsed = seconds(2)};
  EXPECT_EQ(progress.remaining(), std::nullopt);
}

TEST(MapProgressTest, NothingIsLeftAtTheEndAndOfAnInputThatWasLongerThanItSaid) {
  EXPECT_EQ((MapProgress{.finished = 4, .total = 4, .elapsed = seconds(1)}.remaining()),
            nanoseconds(0));
  EXPECT_EQ((MapProgress{.finished = 5, .total = 4, .elapsed = seconds(1)}.remaining()),
            nanoseconds(0));
}

TEST(MapProgressTest, ARestOfMoreThanALifetimeStillFits) {
  const MapProgress progress{.finished = 1, .total = UINT64_MAX, .elapsed = seconds(1000)};
  EXPECT_EQ(progress.remaining(), nanoseconds::max());
}

TEST(MapProgressTest, InNoTimeThereIsNoSpeed) {
  const MapProgress progress{.finished = 1, .total = 2};
  EXPECT_EQ(progress.items_per_second(), 0);
  EXPECT_EQ(progress.remaining(), std::nullopt);
}

}  // namespace
}  // namespace bulkhead
