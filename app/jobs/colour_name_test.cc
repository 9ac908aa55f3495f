#include "jobs/colour_name.h"

#include <gtest/gtest.h>

namespace bulkhead::jobs {
namespace {

using imaging::Colour;

TEST(ColourNameTest, ReadsNamesAndHexadecimalDigits) {
  EXPECT_EQ(*parse_colour("white"), (Colour{255, 255, 255}));
  EXPECT_EQ(*parse_colour("#f80"), (Colour{255, 136, 0}));
  EXPECT_EQ(*parse_colour("#FF8001"), (Colour{255, 128, 1}));
  EXPECT_EQ(*parse_colour("ff8001"), (Colour{255, 128, 1}));
}

TEST(ColourNameTest, AnythingElseIsAMistake) {
  for (const char* text : {"", "#", "red!", "#ff", "#fffff", "#ggg", "-12"}) {
    EXPECT_FALSE(parse_colour(text)) << text;
  }
}

}  // namespace
}  // namespace bulkhead::jobs
