#include "dataset/channel_sums.h"

#include <string_view>

#include <gtest/gtest.h>

namespace bulkhead::dataset {
namespace {

using namespace std::string_view_literals;

ChannelSums sums_of(std::string_view samples, std::size_t channels) {
  ChannelSums sums;
  sums.add(std::as_bytes(std::span(samples)), channels);
  return sums;
}

TEST(ChannelSumsTest, MeanAndDeviationAreThoseOfTheSamples) {
  const ChannelSums sums = sums_of("\x00\xFF\x33\xFF\xFF\x33"sv, 3);
  EXPECT_EQ(sums.pixels, 2U);
  EXPECT_DOUBLE_EQ(sums.mean(0), 0.5);
  EXPECT_DOUBLE_EQ(sums.standard_deviation(0), 0.5);
  EXPECT_DOUBLE_EQ(sums.mean(2), 0.2);
  EXPECT_DOUBLE_EQ(sums.standard_deviation(2), 0);
}

TEST(ChannelSumsTest, PartsAddUpInAnyOrder) {
  ChannelSums sums = sums_of("\x05\x06"sv, 1);
  sums += sums_of("\x07"sv, 1);
  EXPECT_EQ(sums, sums_of("\x07\x05\x06"sv, 1));
}

TEST(ChannelSumsTest, NothingHasNoMean) {
  EXPECT_EQ(ChannelSums().mean(0), 0);
  EXPECT_EQ(ChannelSums().standard_deviation(1), 0);
}

}  // namespace
}  // namespace bulkhead::dataset
