#include "jobs/size_spec.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace bulkhead::jobs {
namespace {

TEST(SizeSpecTest, ReadsTheFourForms) {
  struct Case {
    std::string text;
    int width;
    int height;
  };
  const std::vector<Case> cases = {{"128", 128, 128},
                                   {"128x", 128, 0},
                                   {"x96", 0, 96},
                                   {"128x96", 128, 96},
                                   {"1x65535", 1, 65535}};
  for (const Case& one : cases) {
    const auto size = parse_size(one.text);
    ASSERT_TRUE(size) << one.text;
    EXPECT_EQ(size->width, one.width) << one.text;
    EXPECT_EQ(size->height, one.height) << one.text;
    EXPECT_EQ(size->text, one.text);
  }
}

TEST(SizeSpecTest, AnythingElseIsAMistake) {
  for (const char* text : {"", "x", "0", "0x5", "-1", "+1", "12.5", "128X96", "1x2x3", "65536",
                           "99999999999", " 128", "128 ", ".jpg", "0x80"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
  EXPECT_EQ(parse_size("big").error(),
            "size 'big' is not N, Wx, xH or WxH with 1 to 65535 pixels a side");
}

}  // namespace
}  // namespace bulkhead::jobs
