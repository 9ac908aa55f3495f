#include "display/numbers.h"

#include <gtest/gtest.h>

namespace bulkhead::display {
namespace {

using std::chrono::seconds;

TEST(NumbersTest, RateHasThreeDigitsOrMore) {
  EXPECT_EQ(format_rate(1, seconds(8)), "0.12");
  EXPECT_EQ(format_rate(35, seconds(2)), "17.5");
  EXPECT_EQ(format_rate(12345, seconds(10)), "1234");
  EXPECT_EQ(format_rate(5, seconds(0)), "-");
}

TEST(NumbersTest, ClockRoundsUpAndShowsHoursOnlyWhenThereAreAny) {
  EXPECT_EQ(format_clock(0), "0:00");
  EXPECT_EQ(format_clock(0.2), "0:01");
  EXPECT_EQ(format_clock(61), "1:01");
  EXPECT_EQ(format_clock(3599.5), "1:00:00");
  EXPECT_EQ(format_clock(7384), "2:03:04");
}

}  // namespace
}  // namespace bulkhead::display
