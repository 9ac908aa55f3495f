#include "scheduling/run_limits.h"

#include <gtest/gtest.h>

namespace bulkhead::scheduling {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(MedianRunTimeTest, IsTheMiddleOneToWithinAnEighth) {
  MedianRunTime median;
  for (int i = 1; i <= 1001; ++i) {
    median.add(milliseconds(i), 1);
  }
  EXPECT_GT(median.value(), milliseconds(501) * 7 / 8 * 15 / 16);
  EXPECT_LE(median.value(), milliseconds(501));
}

TEST(MedianRunTimeTest, FewThatTakeLongDoNotMoveIt) {
  MedianRunTime median;
  median.add(std::chrono::hours(1), 2);
  median.add(Duration(5), 3);
  EXPECT_EQ(median.value(), Duration(5));
}

TEST(MedianRunTimeTest, HoldsTheShortestAndTheLongest) {
  MedianRunTime median;
  median.add(Duration(0), 1);
  EXPECT_EQ(median.value(), Duration(1));
  median.add(Duration::max(), 100);
  EXPECT_GT(median.value(), Duration::max() / 8 * 7);
}

constexpr TaskTraits kRelative{.function = 1, .relative_timeout = 3};

RunLimits with_three_of(Duration run_time) {
  RunLimits limits;
  limits.on_submitted(kRelative);
  limits.on_measured(1, run_time, 3);
  return limits;
}

TEST(RunLimitsTest, TimeoutIsTheLimitOfTasksWithoutARelativeOne) {
  const RunLimits limits = with_three_of(seconds(1));
  EXPECT_EQ(limits.of({.function = 1}), Duration(0));
  EXPECT_EQ(limits.of({.function = 1, .timeout = seconds(9)}), seconds(9));
}

TEST(RunLimitsTest, RelativeLimitHoldsOnceThreeHaveEnded) {
  RunLimits limits;
  limits.on_submitted(kRelative);
  limits.on_measured(1, Duration(1U << 30U), 2);
  EXPECT_EQ(limits.of(kRelative), Duration(0));
  limits.on_measured(1, Duration(1U << 30U), 1);
  EXPECT_EQ(limits.of(kRelative), 3 * Duration(1U << 30U));
}

TEST(RunLimitsTest, TheLowerLimitHolds) {
  const RunLimits limits = with_three_of(seconds(1));
  EXPECT_EQ(limits.of({.function = 1, .timeout = seconds(1), .relative_timeout = 3}), seconds(1));
  EXPECT_LE(limits.of({.function = 1, .timeout = seconds(9), .relative_timeout = 3}), seconds(3));
}

TEST(RunLimitsTest, NoRelativeLimitIsBelowTheNoiseOfTheMachine) {
  EXPECT_EQ(with_three_of(Duration(10)).of(kRelative), RunLimits::kLeast);
}

TEST(RunLimitsTest, ACohortIsComparedWithItselfOnly) {
  RunLimits limits = with_three_of(seconds(1));
  const TaskTraits of_a_map{.function = 1, .relative_timeout = 3, .cohort = 7};
  limits.on_submitted(of_a_map);
  EXPECT_EQ(limits.of(of_a_map), Duration(0));
  limits.on_measured(7, seconds(100), 3);
  EXPECT_GT(limits.of(of_a_map), seconds(100));
  EXPECT_LE(limits.of(kRelative), seconds(3));
  limits.forget(7);
  EXPECT_EQ(limits.of(of_a_map), Duration(0));
  EXPECT_GT(limits.of(kRelative), Duration(0));
}

TEST(RunLimitsTest, OtherFunctionsDoNotCount) {
  RunLimits limits = with_three_of(seconds(1));
  EXPECT_EQ(limits.of({.function = 2, .relative_timeout = 3}), Duration(0));
  limits.forget(1);
  EXPECT_EQ(limits.of(kRelative), Duration(0));
}

}  // namespace
}  // namespace bulkhead::scheduling
