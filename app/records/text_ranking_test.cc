#include "records/text_ranking.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace bulkhead::records {
namespace {

std::vector<std::string> texts_of(const TextRanking& ranking) {
  std::vector<std::string> texts;
  for (const auto& row : ranking.rows()) {
    texts.push_back(row.text + " " + std::to_string(row.weight.hits));
  }
  return texts;
}

TEST(TextRankingTest, IsThatOfOneTableWithAllTexts) {
  TextCounts whole;
  TextCounts even;
  TextCounts odd;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const std::string text = "text " + std::to_string(i);
    const Weight weight{i * i % 17, i};
    whole.add(text, weight);
    (i % 2 == 0 ? even : odd).add(text, weight);
  }
  for (const std::size_t most : {0U, 1U, 7U, 1000U}) {
    TextRanking of_whole;
    of_whole.add(whole, most);
    TextRanking of_parts;
    of_parts.add(odd, most);
    of_parts.add(even, most);
    EXPECT_EQ(texts_of(of_parts), texts_of(of_whole));
    EXPECT_EQ(of_parts.size(), 100U);
    EXPECT_EQ(of_parts.rows().size(), std::min<std::size_t>(most, 100));
  }
}

}  // namespace
}  // namespace bulkhead::records
