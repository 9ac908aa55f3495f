#include "display/exact_bytes.h"

#include <gtest/gtest.h>

namespace bulkhead::display {
namespace {

TEST(ExactBytesTest, WhatIsNoUtf8IsReplacedAndKeptBesides) {
  EXPECT_EQ(as_utf8("h\xC3\xBCt\xFF.jpg"), "h\xC3\xBCt\xEF\xBF\xBD.jpg");
  EXPECT_EQ(exact_bytes("t\xFF"), "74ff");
}

TEST(ExactBytesTest, Utf8StaysAsItIs) {
  EXPECT_EQ(as_utf8("h\xC3\xBCt"), "h\xC3\xBCt");
  EXPECT_EQ(exact_bytes("h\xC3\xBCt"), "");
}

}  // namespace
}  // namespace bulkhead::display
