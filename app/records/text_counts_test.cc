#include "records/text_counts.h"

#include <map>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace bulkhead::records {
namespace {

TEST(TextCountsTest, CountsAsAMapDoes) {
  std::mt19937 random(1);
  std::map<std::string, Weight> expected;
  TextCounts counts;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text(random() % 40, static_cast<char>('a' + random() % 26));
    const Weight weight{1, random() % 1000};
    expected[text] += weight;
    counts.add(text, weight);
  }
  ASSERT_EQ(counts.size(), expected.size());
  for (const auto& row : counts.top(counts.size())) {
    EXPECT_EQ(row.weight, expected.at(std::string(row.text)));
  }
}

TEST(TextCountsTest, PlacesAreInTheOrderOfFirstSight) {
  TextCounts counts;
  EXPECT_EQ(counts.add("b", {1, 0}), 0U);
  EXPECT_EQ(counts.add("a", {1, 0}), 1U);
  EXPECT_EQ(counts.add("b", {1, 0}), 0U);
}

TEST(TextCountsTest, TopIsByHitsThenByText) {
  TextCounts counts;
  for (const char* text : {"b", "a", "c", "c", "d"}) {
    counts.add(text, {1, 0});
  }
  const auto top = counts.top(3);
  ASSERT_EQ(top.size(), 3U);
  EXPECT_EQ(top[0].text, "c");
  EXPECT_EQ(top[1].text, "a");
  EXPECT_EQ(top[2].text, "b");
}

TEST(TextCountsTest, PartsAddUp) {
  TextCounts part;
  part.add("a", {1, 10});
  part.add("", {2, 20});
  TextCounts sum;
  sum.add("a", {5, 50});
  sum.add(part.packed());
  sum.add(part.packed());
  EXPECT_EQ(sum.size(), 2U);
  EXPECT_EQ(sum.top(1)[0].weight, (Weight{7, 70}));
  EXPECT_EQ(sum.top(2)[1].text, "");
  EXPECT_EQ(sum.top(2)[1].weight, (Weight{4, 40}));
}

}  // namespace
}  // namespace bulkhead::records
