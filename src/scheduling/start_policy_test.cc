#include "scheduling/start_policy.h"

#include <gtest/gtest.h>

namespace bulkhead::scheduling {
namespace {

using std::chrono::milliseconds;

constexpr Time kNow{std::chrono::hours(1)};

TEST(StartPolicyTest, NothingStandsInTheWayOfTheFirstStart) {
  EXPECT_LT(StartPolicy().not_before(), kNow);
}

TEST(StartPolicyTest, PauseDoublesUpToASecond) {
  StartPolicy starts;
  for (const int pause_ms : {10, 20, 40, 80, 160, 320, 640, 1000, 1000}) {
    starts.on_failed(starts.round(), kNow);
    EXPECT_EQ(starts.not_before(), kNow + milliseconds(pause_ms));
  }
}

TEST(StartPolicyTest, WorkersStartedTogetherFailOnce) {
  StartPolicy starts;
  const auto round = starts.round();
  for (int i = 0; i < 8; ++i) {
    starts.on_failed(round, kNow);
  }
  EXPECT_EQ(starts.not_before(), kNow + milliseconds(10));
  EXPECT_FALSE(starts.has_lost_hope());
}

TEST(StartPolicyTest, FiveFailuresInARowEndAllHope) {
  StartPolicy starts;
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(starts.has_lost_hope());
    starts.on_failed(starts.round(), kNow);
  }
  EXPECT_TRUE(starts.has_lost_hope());
}

TEST(StartPolicyTest, TaskThatEndsAnywhereRestoresHopeButNotThePause) {
  StartPolicy starts;
  const auto old_round = starts.round();
  for (int i = 0; i < 5; ++i) {
    starts.on_failed(starts.round(), kNow);
  }
  starts.on_progress(old_round);
  EXPECT_FALSE(starts.has_lost_hope());
  EXPECT_EQ(starts.not_before(), kNow + milliseconds(160));
}

TEST(StartPolicyTest, WorkerStartedAfterTheLastFailureEndsThePause) {
  StartPolicy starts;
  starts.on_failed(starts.round(), kNow);
  starts.on_progress(starts.round());
  EXPECT_LT(starts.not_before(), kNow);
  starts.on_failed(starts.round(), kNow);
  EXPECT_EQ(starts.not_before(), kNow + milliseconds(10));
}

}  // namespace
}  // namespace bulkhead::scheduling
