#include "dataset/splits.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace bulkhead::dataset {
namespace {

const std::vector<SplitPart> kParts = {{"train", .8}, {"val", .1}, {"test", .1}};

std::vector<SplitGroup> single_samples(std::size_t classes, std::size_t of_each) {
  std::vector<SplitGroup> groups;
  for (std::size_t i = 0; i < classes * of_each; ++i) {
    groups.push_back({"picture " + std::to_string(i), {i % classes}});
  }
  return groups;
}

TEST(SplitsTest, SharesAreReadAsTheyAreWritten) {
  EXPECT_EQ(parse_split("train=.8,val=.1,test=.1")->parts, kParts);
  EXPECT_EQ(parse_split("keep")->kind, SplitRule::Kind::Keep);
  EXPECT_EQ(parse_split("all=1")->parts.size(), 1U);
  for (const char* wrong :
       {"", "train", "train=", "train=x", "train=.5", "train=.5,train=.5", "a/b=1", "train=2",
        "train=.5,test=.5,", "train=0,test=1", "train=nan,test=.5", "train=-.5,test=.5", "=1"}) {
    EXPECT_FALSE(parse_split(wrong)) << wrong;
  }
}

TEST(SplitsTest, FoldersOfSplitsAreKnownByTheirUsualNames) {
  EXPECT_EQ(split_named_by("Train"), "train");
  EXPECT_EQ(split_named_by("validation"), "val");
  EXPECT_EQ(split_named_by("testing"), "test");
  EXPECT_EQ(split_named_by("trains"), std::nullopt);
}

TEST(SplitsTest, EachClassHasTheShares) {
  const auto groups = single_samples(5, 40);
  const auto assigned = assign_splits(groups, kParts, 7, Strata::Classes);
  std::vector<std::vector<int>> counts(5, std::vector<int>(3));
  for (std::size_t i = 0; i < groups.size(); ++i) {
    ++counts[groups[i].classes.front()][assigned[i]];
  }
  EXPECT_EQ(counts, std::vector<std::vector<int>>(5, {32, 4, 4}));
}

TEST(SplitsTest, ClassesOfOneSampleHaveTheSharesTogether) {
  const auto assigned = assign_splits(single_samples(1000, 1), kParts, 7, Strata::Classes);
  EXPECT_EQ(std::ranges::count(assigned, 0U), 800);
  EXPECT_EQ(std::ranges::count(assigned, 1U), 100);
  EXPECT_EQ(std::ranges::count(assigned, 2U), 100);
}

TEST(SplitsTest, SeedDecidesAndOrderDoesNot) {
  auto groups = single_samples(3, 20);
  const auto assigned = assign_splits(groups, kParts, 7, Strata::Classes);
  EXPECT_NE(assign_splits(groups, kParts, 8, Strata::Classes), assigned);
  std::ranges::reverse(groups);
  auto reversed = assign_splits(groups, kParts, 7, Strata::Classes);
  std::ranges::reverse(reversed);
  EXPECT_EQ(reversed, assigned);
}

TEST(SplitsTest, GroupsOfAnySizeComeCloseToTheShares) {
  std::mt19937 random(1);
  std::vector<SplitGroup> groups;
  std::vector<double> of_class(4);
  for (int i = 0; i < 300; ++i) {
    SplitGroup& group = groups.emplace_back(SplitGroup{"group " + std::to_string(i), {}});
    for (std::size_t s = random() % 6 + 1; s > 0; --s) {
      group.classes.push_back(random() % 4);
      ++of_class[group.classes.back()];
    }
  }
  const auto assigned = assign_splits(groups, kParts, 3, Strata::Classes);
  std::vector<std::vector<double>> counts(4, std::vector<double>(3));
  for (std::size_t i = 0; i < groups.size(); ++i) {
    for (const std::size_t one : groups[i].classes) {
      ++counts[one][assigned[i]];
    }
  }
  for (std::size_t c = 0; c < 4; ++c) {
    for (std::size_t part = 0; part < 3; ++part) {
      EXPECT_LE(std::abs(counts[c][part] - kParts[part].share * of_class[c]), 3) << c << part;
    }
  }
}

TEST(SplitsTest, WithoutStrataOnlyTheTotalHasTheShares) {
  const auto assigned = assign_splits(single_samples(7, 10), kParts, 7, Strata::None);
  EXPECT_EQ(std::ranges::count(assigned, 0U), 56);
  EXPECT_EQ(std::ranges::count(assigned, 1U), 7);
}

}  // namespace
}  // namespace bulkhead::dataset
