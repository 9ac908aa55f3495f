#include <limits>

#include <gtest/gtest.h>

#include "transport/test_channel.h"

namespace bulkhead::transport {
namespace {

using test::TestChannel;

TEST(CallWordsTest, OnlyTheCallThatIsAskedToStopSeesIt) {
  TestChannel channel;
  EXPECT_FALSE(channel.worker().is_stop_requested(0));
  channel.program().request_stop(1);
  EXPECT_FALSE(channel.worker().is_stop_requested(0));
  EXPECT_TRUE(channel.worker().is_stop_requested(1));
  EXPECT_FALSE(channel.worker().is_stop_requested(2));
}

TEST(CallWordsTest, ProgressIsThatOfTheCallThatToldIt) {
  TestChannel channel;
  EXPECT_EQ(channel.program().progress(0), std::nullopt);
  channel.worker().report_progress(5, 0.25);
  EXPECT_EQ(channel.program().progress(4), std::nullopt);
  ASSERT_TRUE(channel.program().progress(5).has_value());
  EXPECT_NEAR(*channel.program().progress(5), 0.25, 1e-9);
}

TEST(CallWordsTest, ProgressIsNeverOutOfItsRange) {
  TestChannel channel;
  channel.worker().report_progress(0, 17);
  EXPECT_EQ(channel.program().progress(0), 1.0);
  for (const double fraction : {-1.0, 0.0, std::numeric_limits<double>::quiet_NaN()}) {
    channel.worker().report_progress(0, fraction);
    EXPECT_EQ(channel.program().progress(0), 0.0);
  }
}

TEST(CallWordsTest, FailedRunsAreKnownToTheWorker) {
  TestChannel channel;
  EXPECT_EQ(channel.worker().failed_runs(), 0U);
  channel.program().set_failed_runs(2);
  EXPECT_EQ(channel.worker().failed_runs(), 2U);
}

}  // namespace
}  // namespace bulkhead::transport
