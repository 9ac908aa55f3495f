#include "logs/time_text.h"

#include <gtest/gtest.h>

namespace bulkhead::logs {
namespace {

std::string read(std::string_view text) {
  const auto moment = take_moment(text);
  return moment ? moment_text(*moment) + " " + std::string(text) : "none " + std::string(text);
}

TEST(TimeTextTest, MomentsAreReadInTheirForms) {
  EXPECT_EQ(read("2024-02-29T23:59:59+05:30!"), "2024-02-29T23:59:59+05:30 !");
  EXPECT_EQ(read("2024-02-29 01:02:03.456Z"), "2024-02-29T01:02:03+00:00 ");
  EXPECT_EQ(read("17/May/2015:10:05:03 -0730]"), "2015-05-17T10:05:03-07:30 ]");
  EXPECT_EQ(read("17/May/2015:10:05:03]"), "2015-05-17T10:05:03 ]");
  EXPECT_EQ(read("1431857103.25,"), "2015-05-17T10:05:03+00:00 ,");
}

TEST(TimeTextTest, WhatIsNoTimeIsLeft) {
  for (const char* text : {"", "2023-02-29T00:00:00", "17/Mai/2015:10:05:03", "2024-01-01",
                           "2024-01-01T24:00:00", "2024-01-01T10:60:00", "-1", "99999999999999"}) {
    EXPECT_EQ(read(text), "none " + std::string(text));
  }
}

TEST(TimeTextTest, DaysAreNumberedFrom1970) {
  EXPECT_EQ(day_number(1970, 1, 1), 0);
  EXPECT_EQ(day_number(2000, 3, 1), 11017);
  EXPECT_EQ(day_number(1900, 2, 29), std::nullopt);
  EXPECT_EQ(day_text(11017), "2000-03-01");
}

TEST(TimeTextTest, BytesThatAreNoDateAreRefusedAsTheFirstLineToo) {
  Moment moment;
  const std::string no_date = std::string(11, '\0') + ":10:05:03 +0000";
  const std::string no_zone = "17/May/2015:10:05:03 " + std::string(5, '\0');
  EXPECT_FALSE(AccessTime().read(no_date.data(), moment));
  EXPECT_FALSE(AccessTime().read(no_zone.data(), moment));
}

TEST(TimeTextTest, AccessTimeForgetsNothingOfTheOneBefore) {
  AccessTime time;
  Moment moment;
  ASSERT_TRUE(time.read("17/May/2015:10:05:03 +0000", moment));
  ASSERT_TRUE(time.read("18/May/2015:00:00:01 -0100", moment));
  EXPECT_EQ(moment_text(moment), "2015-05-18T00:00:01-01:00");
  EXPECT_FALSE(time.read("99/May/2015:00:00:01 -0100", moment));
  ASSERT_TRUE(time.read("18/May/2015:23:59:60 -0100", moment));
  EXPECT_FALSE(time.read("18/May/2015 23:59:59 -0100", moment));
}

}  // namespace
}  // namespace bulkhead::logs
