#include "dataset/groups.h"

#include <gtest/gtest.h>

namespace bulkhead::dataset {
namespace {

TEST(GroupsTest, WhatHasATextInCommonIsTogether) {
  const Groups groups = group_by_texts({{"b"}, {"a", "x"}, {"b"}, {"c", "x"}});
  EXPECT_EQ(groups.group_of, (std::vector<std::size_t>{0, 1, 0, 1}));
  EXPECT_EQ(groups.ids, (std::vector<std::string>{"b", "a"}));
}

TEST(GroupsTest, TwoGroupsThatAThirdItemJoinsAreOne) {
  const Groups groups = group_by_texts({{"a"}, {"b"}, {"b", "a"}});
  EXPECT_EQ(groups.group_of, (std::vector<std::size_t>{0, 0, 0}));
  EXPECT_EQ(groups.ids, (std::vector<std::string>{"a"}));
}

}  // namespace
}  // namespace bulkhead::dataset
