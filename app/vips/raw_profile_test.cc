#include "vips/raw_profile.h"

#include <gtest/gtest.h>

namespace bulkhead::vips {
namespace {

TEST(RawProfileTest, IsHexadecimal) {
  const std::vector<std::uint8_t> expected = {0x45, 0x78, 0x69, 0x66};
  EXPECT_EQ(raw_profile("\nexif\n       4\n4578\n6966\n"), expected);
  EXPECT_TRUE(raw_profile("\nexif\n       4\n45zz").empty());
  EXPECT_TRUE(raw_profile("exif").empty());
  EXPECT_TRUE(raw_profile("").empty());
}

}  // namespace
}  // namespace bulkhead::vips
