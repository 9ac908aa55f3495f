#include "jobs/size_spec.h"

#include <vector>

#include <gtest/gtest.h>

namespace bulkhead::jobs {
namespace {

using imaging::Extent;
using imaging::Fit;
using imaging::Scaling;

TEST(SizeSpecTest, ReadsBoxes) {
  struct Case {
    std::string text;
    Extent box;
  };
  const std::vector<Case> cases = {{"128", {128, 128}},
                                   {"128x", {128, 0}},
                                   {"x96", {0, 96}},
                                   {"128x96", {128, 96}},
                                   {"1x65500", {1, 65500}}};
  for (const Case& one : cases) {
    const auto size = parse_size(one.text);
    ASSERT_TRUE(size) << one.text;
    EXPECT_EQ(size->rule.box, one.box) << one.text;
    EXPECT_EQ(size->name, one.text);
    EXPECT_EQ(size->rule.scaling, Scaling::OnlyDown);
  }
}

TEST(SizeSpecTest, ReadsPercentAndArea) {
  EXPECT_EQ(parse_size("50%")->rule.percent, 50);
  EXPECT_EQ(parse_size("50%")->rule.box, Extent());
  EXPECT_EQ(parse_size("50%")->name, "50");
  EXPECT_EQ(parse_size("1000000@")->rule.area, 1'000'000);
  EXPECT_EQ(parse_size("1000000@")->rule.box, Extent());
}

TEST(SizeSpecTest, SuffixSaysWhatMayChange) {
  EXPECT_EQ(parse_size("128>")->rule.scaling, Scaling::OnlyDown);
  EXPECT_EQ(parse_size("128x96<")->rule.scaling, Scaling::OnlyUp);
  EXPECT_EQ(parse_size("128x96^")->rule.fit, Fit::Outside);
  EXPECT_EQ(parse_size("128x96!")->rule.fit, Fit::Fill);
  EXPECT_EQ(parse_size("128x96!")->rule.scaling, Scaling::Both);
  EXPECT_EQ(parse_size("128x96!")->name, "128x96");
}

TEST(SizeSpecTest, AnythingElseIsAMistake) {
  for (const char* text : {"",       "x",     "0",     "0x5",         "-1",    "+1",   "12.5",
                           "128X96", "1x2x3", "65501", "99999999999", " 128",  "128 ", ".jpg",
                           "0x80",   "%",     "0%",    "@",           "128>>", "128$", ">"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
  EXPECT_EQ(parse_size("big").error(),
            "size 'big' is not N, Wx, xH, WxH, P% or A@ with 1 to 65500 pixels a side, and perhaps "
            ">, <, ^ or !");
}

}  // namespace
}  // namespace bulkhead::jobs
