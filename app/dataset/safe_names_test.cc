#include "dataset/safe_names.h"

#include <gtest/gtest.h>

namespace bulkhead::dataset {
namespace {

TEST(SafeNamesTest, WhatFileSystemsMisreadIsReplaced) {
  EXPECT_EQ(safe_name("t-shirt 2"), "t-shirt 2");
  EXPECT_EQ(safe_name("H\xC3\xBCte"), "H\xC3\xBCte");
  EXPECT_EQ(safe_name("../a:b\n\xFF"), "_._a_b__");
  EXPECT_EQ(safe_name(""), "_");
}

TEST(SafeNamesTest, KeysHaveNoDotsAndAreShort) {
  EXPECT_EQ(safe_key("img.2020.01"), "img_2020_01");
  const std::string wide = std::string(79, 'a') + "\xC3\xBC";
  EXPECT_EQ(safe_key(wide), std::string(79, 'a'));
}

TEST(SafeNamesTest, EachNameIsGivenOnce) {
  UniqueNames names;
  EXPECT_EQ(names.take("a"), "a");
  EXPECT_EQ(names.take("A"), "A_2");
  EXPECT_EQ(names.take("a_3"), "a_3");
  EXPECT_EQ(names.take("a"), "a_4");
  EXPECT_EQ(names.take("a_2"), "a_2_2");
}

}  // namespace
}  // namespace bulkhead::dataset
