#include "scheduling/chunk_sizer.h"

#include <gtest/gtest.h>

namespace bulkhead::scheduling {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr FunctionId kFunction = 7;
constexpr std::uint32_t kPlenty = 4'000'000'000;

ChunkSizer learned(unsigned workers, Duration run_time) {
  ChunkSizer sizer(workers);
  for (int i = 0; i < 50; ++i) {
    sizer.on_measured(kFunction, run_time);
  }
  return sizer;
}

TEST(ChunkSizerTest, UnknownFunctionTravelsAlone) {
  const ChunkSizer sizer(4);
  EXPECT_EQ(sizer.chunk_size(kFunction, kPlenty), 1U);
  EXPECT_EQ(sizer.full_chunk_size(kFunction), 1U);
}

TEST(ChunkSizerTest, KnownFunctionFillsTheTarget) {
  EXPECT_EQ(learned(4, microseconds(2)).chunk_size(kFunction, kPlenty), 1000U);
}

TEST(ChunkSizerTest, LongTaskTravelsAlone) {
  EXPECT_EQ(learned(4, milliseconds(5)).chunk_size(kFunction, kPlenty), 1U);
}

TEST(ChunkSizerTest, ChunkNeverPassesTheLargest) {
  EXPECT_EQ(learned(4, Duration(1)).chunk_size(kFunction, kPlenty), ChunkSizer::kLargestChunk);
}

TEST(ChunkSizerTest, LastChunksAreHalfAnEvenShare) {
  const ChunkSizer sizer = learned(4, microseconds(1));
  EXPECT_EQ(sizer.chunk_size(kFunction, 80), 10U);
  EXPECT_EQ(sizer.chunk_size(kFunction, 9), 2U);
  EXPECT_EQ(sizer.chunk_size(kFunction, 1), 1U);
}

TEST(ChunkSizerTest, ChunkGrowsAtMostFourfoldFromOneMeasurementToTheNext) {
  ChunkSizer sizer(1);
  for (const std::uint32_t expected : {4U, 16U, 64U, 256U, 1024U, 4096U, 4096U}) {
    sizer.on_measured(kFunction, Duration(1));
    EXPECT_EQ(sizer.full_chunk_size(kFunction), expected);
  }
}

TEST(ChunkSizerTest, ChunkShrinksAtOnceWhenTasksBecomeLong) {
  ChunkSizer sizer = learned(1, microseconds(1));
  sizer.on_measured(kFunction, milliseconds(10));
  EXPECT_EQ(sizer.full_chunk_size(kFunction), 1U);
}

TEST(ChunkSizerTest, MeanFollowsTheNewestMeasurements) {
  ChunkSizer sizer(1);
  sizer.on_measured(kFunction, microseconds(100));
  sizer.on_measured(kFunction, microseconds(20));
  EXPECT_EQ(sizer.expected_run_time(kFunction), microseconds(80));
}

TEST(ChunkSizerTest, WhatWasNotMeasuredTeachesNothing) {
  ChunkSizer sizer(1);
  sizer.on_measured(kFunction, Duration(0));
  sizer.on_measured(kFunction, Duration(-5));
  EXPECT_EQ(sizer.full_chunk_size(kFunction), 1U);
  EXPECT_EQ(sizer.expected_run_time(kFunction), ChunkSizer::kUnmeasured);
}

TEST(ChunkSizerTest, ForgottenFunctionIsUnknownAgain) {
  ChunkSizer sizer = learned(4, microseconds(1));
  sizer.forget(kFunction);
  EXPECT_EQ(sizer.full_chunk_size(kFunction), 1U);
}

TEST(ChunkSizerTest, EachFunctionIsLearnedForItself) {
  const ChunkSizer sizer = learned(1, microseconds(10));
  EXPECT_EQ(sizer.full_chunk_size(kFunction), 200U);
  EXPECT_EQ(sizer.full_chunk_size(kFunction + 1), 1U);
}

}  // namespace
}  // namespace bulkhead::scheduling
