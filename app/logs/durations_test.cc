#include "logs/durations.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace bulkhead::logs {
namespace {

TEST(DurationsTest, QuantilesAreWithinTheirBoundInAnyOrderOfParts) {
  std::mt19937 random(3);
  std::vector<std::int64_t> exact;
  std::vector<Durations> parts(3);
  for (int i = 0; i < 30'000; ++i) {
    const auto time =
        static_cast<std::int64_t>(std::exp2(static_cast<double>(random() % 3500) / 100));
    exact.push_back(time);
    parts[random() % 3].add(time);
  }
  std::ranges::sort(exact);
  Durations sum;
  for (const Durations& part : parts) {
    sum.add(part);
  }
  EXPECT_EQ(sum.count(), exact.size());
  EXPECT_EQ(sum.max(), exact.back());
  for (const double share : {0.01, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto rank =
        static_cast<std::size_t>(std::ceil(share * static_cast<double>(exact.size())));
    const auto expected = static_cast<double>(exact[rank - 1]);
    EXPECT_NEAR(static_cast<double>(sum.quantile(share)), expected, expected * 0.004) << share;
  }
}

TEST(DurationsTest, SmallTimesAreExact) {
  Durations durations;
  for (int i = 0; i < 100; ++i) {
    durations.add(i);
  }
  EXPECT_EQ(durations.quantile(0.5), 49);
  EXPECT_EQ(durations.mean(), 49.5);
  EXPECT_EQ(Durations().quantile(0.5), 0);
}

TEST(DurationsTest, SumOfManyLongOnesDoesNotWrap) {
  constexpr std::int64_t kLong = 1'000'000'000'000'000;
  Durations durations;
  for (int i = 0; i < 40'000; ++i) {
    durations.add(kLong);
  }
  Durations sum = durations;
  sum.add(durations);
  EXPECT_DOUBLE_EQ(durations.mean(), kLong);
  EXPECT_DOUBLE_EQ(sum.mean(), kLong);
}

}  // namespace
}  // namespace bulkhead::logs
