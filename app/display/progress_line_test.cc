#include "display/progress_line.h"

#include <string>

#include <gtest/gtest.h>

namespace bulkhead::display {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(ProgressLineTest, TellsCountRateTimeLeftAndFailures) {
  EXPECT_EQ(format_progress({.done = 120, .total = 200, .failed = 2, .elapsed = seconds(1)}, 80),
            "120/200 photos, 60 %, 120/s, ETA 0:01, 2 failed");
  EXPECT_EQ(format_progress({.done = 200, .total = 200, .elapsed = seconds(1)}, 80),
            "200/200 photos, 100 %, 200/s, ETA 0:00");
}

TEST(ProgressLineTest, NamesWhatIsCounted) {
  EXPECT_EQ(format_progress({.done = 1, .total = 4, .elapsed = seconds(1), .things = "pieces"}, 80),
            "1/4 pieces, 25 %, 1.00/s, ETA 0:03");
}

TEST(ProgressLineTest, BeforeTheFirstNothingIsGuessed) {
  EXPECT_EQ(format_progress({.total = 200}, 80), "0/200 photos, 0 %, -/s, ETA -:--");
  EXPECT_EQ(format_progress({}, 80), "0/0 photos, 100 %, -/s, ETA -:--");
}

TEST(ProgressLineTest, IsAlwaysShorterThanTheTerminal) {
  const Progress progress{.done = 120, .total = 200, .failed = 2, .elapsed = seconds(1)};
  for (std::size_t columns = 1; columns < 60; ++columns) {
    EXPECT_LT(format_progress(progress, columns).size(), columns);
  }
  EXPECT_EQ(format_progress(progress, 21), "120/200 photos, 60 %");
}

TEST(ThrottleTest, LetsTheFirstThroughAndThenOnePerInterval) {
  Throttle throttle(milliseconds(100));
  const Throttle::Time start{};
  EXPECT_TRUE(throttle.is_due(start));
  EXPECT_FALSE(throttle.is_due(start + milliseconds(99)));
  EXPECT_TRUE(throttle.is_due(start + milliseconds(100)));
  EXPECT_FALSE(throttle.is_due(start + milliseconds(150)));
  EXPECT_TRUE(throttle.is_due(start + milliseconds(900)));
}

}  // namespace
}  // namespace bulkhead::display
