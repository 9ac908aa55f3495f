#include "logs/share.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace bulkhead::logs {
namespace {

TEST(ShareTest, EveryTextIsInOneOfTheHalves) {
  const auto [first, second] = Share{.seed = 3}.halves();
  const std::array quarters = {first.halves().first, first.halves().second, second.halves().first,
                               second.halves().second};
  std::array<int, quarters.size()> held{};
  for (int i = 0; i < 1000; ++i) {
    const std::string text = std::to_string(i);
    const VisitorKey visitor{.low = 0, .high = static_cast<std::uint64_t>(i)};
    EXPECT_TRUE(Share().holds(text) && Share().holds(visitor));
    EXPECT_NE(first.holds(text), second.holds(text));
    EXPECT_NE(first.holds(visitor), second.holds(visitor));
    EXPECT_EQ(first.holds(text), quarters[0].holds(text) || quarters[1].holds(text));
    EXPECT_EQ(second.holds(visitor), quarters[2].holds(visitor) || quarters[3].holds(visitor));
    for (std::size_t quarter = 0; quarter < quarters.size(); ++quarter) {
      held[quarter] += quarters[quarter].holds(text) ? 1 : 0;
    }
  }
  for (const int texts : held) {
    EXPECT_GT(texts, 150);  // About a quarter of 1000.
  }
}

}  // namespace
}  // namespace bulkhead::logs
