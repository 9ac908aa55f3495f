#include "records/portions.h"

#include <gtest/gtest.h>

namespace bulkhead::records {
namespace {

FoundFile text(const std::string& path, std::uint64_t bytes) {
  return {.path = path, .bytes = bytes, .can_be_cut = true};
}

TEST(PortionsTest, SmallFilesShareABatchUpToItsBytesAndItsFiles) {
  const auto batches = plan_batches(
      {text("a", 4), text("b", 4), text("c", 4), text("d", 1), text("e", 1), text("f", 1)},
      {.portion_bytes = 100, .batch_bytes = 10, .batch_files = 3});
  ASSERT_EQ(batches.size(), 3U);
  EXPECT_EQ(batches[0].size(), 2U);
  EXPECT_EQ(batches[1].size(), 3U);
  EXPECT_EQ(batches[2][0].path, "f");
  EXPECT_EQ(batches[2][0].file, 5U);
}

TEST(PortionsTest, LargeFileIsCutAndKeepsItsPlace) {
  const auto batches =
      plan_batches({text("a", 1), text("b", 25), text("c", 1)}, {.portion_bytes = 10});
  ASSERT_EQ(batches.size(), 5U);
  EXPECT_EQ(batches[1][0].begin, 0U);
  EXPECT_EQ(batches[3][0].begin, 20U);
  EXPECT_EQ(batches[3][0].end, 25U);
  EXPECT_EQ(batches[4][0].path, "c");
}

TEST(PortionsTest, WhatCannotBeCutIsReadToItsEnd) {
  const auto batches = plan_batches({{.path = "a.gz", .bytes = 1000}}, {.portion_bytes = 10});
  ASSERT_EQ(batches.size(), 1U);
  EXPECT_EQ(batches[0][0].end, Portion::kToTheEnd);
  EXPECT_FALSE(halves_of(batches[0]));
}

TEST(PortionsTest, HalvingEndsAtOneByteOfOneFile) {
  Batch batch = {{.path = "a", .end = 1000, .can_be_cut = true},
                 {.path = "b", .end = 1000, .can_be_cut = true}};
  auto halves = halves_of(batch);
  ASSERT_TRUE(halves);
  EXPECT_EQ(halves->second[0].path, "b");
  batch = halves->first;
  int halvings = 0;
  for (halves = halves_of(batch); halves; halves = halves_of(batch)) {
    EXPECT_EQ(halves->first[0].end, halves->second[0].begin);
    batch = halves->second;
    ++halvings;
  }
  EXPECT_EQ(halvings, 10);
  EXPECT_EQ(batch[0].begin, 999U);
}

TEST(PortionsTest, PortionsGrowWithTheWorkUpToAMost) {
  constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;
  EXPECT_EQ(portion_bytes_for(10, 2, 64 * kMiB), kMiB);
  EXPECT_EQ(portion_bytes_for(80 * kMiB, 2, 64 * kMiB), 10 * kMiB + 1);
  EXPECT_EQ(portion_bytes_for(10'000 * kMiB, 2, 64 * kMiB), 64 * kMiB);
}

}  // namespace
}  // namespace bulkhead::records
