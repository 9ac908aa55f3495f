#include "scheduling/worker_stream.h"

#include <gtest/gtest.h>

namespace bulkhead::scheduling {
namespace {

using std::chrono::milliseconds;
using Spans = std::vector<TaskSpan>;

constexpr Time kNow{std::chrono::hours(1)};
constexpr TaskTraits kTraits{.function = 1};

WorkerStream stream_of(const TaskSpan& tasks) {
  WorkerStream stream;
  stream.append(tasks, kNow);
  return stream;
}

WorkerStream ready_stream_of(const TaskSpan& tasks) {
  WorkerStream stream = stream_of(tasks);
  stream.on_ready(kNow);
  return stream;
}

TEST(WorkerStreamTest, PlacesAreNumberedOverAllChunks) {
  WorkerStream stream;
  EXPECT_EQ(stream.append({10, 3, kTraits}, kNow), 0U);
  EXPECT_EQ(stream.append({50, 2, kTraits}, kNow), 3U);
  EXPECT_EQ(stream.task_at(2), TaskId{12});
  EXPECT_EQ(stream.task_at(4), TaskId{51});
  EXPECT_EQ(stream.task_at(5), std::nullopt);
}

TEST(WorkerStreamTest, FinishReachesOverChunks) {
  WorkerStream stream = stream_of({10, 3, kTraits});
  stream.append({50, 2, kTraits}, kNow);
  const auto traits = stream.finish(4, kNow);
  ASSERT_TRUE(traits);
  EXPECT_EQ(traits->function, 1U);
  EXPECT_EQ(stream.first(), 4U);
  EXPECT_EQ(stream.task_at(4), TaskId{51});
  EXPECT_EQ(stream.live(), 1U);
}

TEST(WorkerStreamTest, MeanOfTwoFunctionsIsTheMeanOfNone) {
  WorkerStream stream = stream_of({1, 1, kTraits});
  stream.append({2, 1, {.function = 2}}, kNow);
  EXPECT_EQ(stream.finish(2, kNow), std::nullopt);
}

TEST(WorkerStreamTest, RevokeIsCertainOnlyBehindTheClaim) {
  WorkerStream stream = stream_of({10, 6, kTraits});
  stream.on_claimed(2, kNow);
  EXPECT_EQ(stream.revoke({1, 5}), (Spans{{13, 2, kTraits}}));
  EXPECT_EQ(stream.live(), 4U);
  EXPECT_EQ(stream.task_at(2), TaskId{12});
  EXPECT_EQ(stream.task_at(3), std::nullopt);
  EXPECT_EQ(stream.task_at(5), TaskId{15});
}

TEST(WorkerStreamTest, WhatWasRevokedIsNotReturnedAgain) {
  WorkerStream stream = stream_of({10, 6, kTraits});
  EXPECT_EQ(stream.revoke({2, 4}), (Spans{{12, 2, kTraits}}));
  EXPECT_EQ(stream.revoke({0, 6}), (Spans{{10, 2, kTraits}, {14, 2, kTraits}}));
  EXPECT_EQ(stream.live(), 0U);
}

TEST(WorkerStreamTest, RevokeOfFinishedPlacesTouchesNothing) {
  WorkerStream stream = stream_of({10, 4, kTraits});
  stream.finish(2, kNow);
  EXPECT_EQ(stream.revoke({0, 2}), Spans{});
  EXPECT_EQ(stream.live(), 2U);
}

TEST(WorkerStreamTest, OnlyRevokedPlacesCanBeSkipped) {
  WorkerStream stream = stream_of({10, 3, kTraits});
  stream.on_claimed(0, kNow);
  EXPECT_FALSE(stream.can_skip());
  (void)stream.revoke({0, 2});
  EXPECT_EQ(stream.skip(kNow), (TaskSpan{10, 1, kTraits}));  // in doubt: still somebody's task
  EXPECT_EQ(stream.skip(kNow), std::nullopt);
  EXPECT_FALSE(stream.can_skip());
}

TEST(WorkerStreamTest, DoubtfulPlaceMayFinishButRevokedOneMayNot) {
  WorkerStream stream = stream_of({10, 3, kTraits});
  stream.on_claimed(0, kNow);
  (void)stream.revoke({0, 2});
  EXPECT_TRUE(stream.can_finish(1));
  EXPECT_FALSE(stream.can_finish(2));
  EXPECT_FALSE(stream.can_finish(4));
}

TEST(WorkerStreamTest, BackHalfLeavesTheTaskUnderWay) {
  EXPECT_TRUE(ready_stream_of({10, 1, kTraits}).back_half().is_empty());
  const PlaceRange of_two = ready_stream_of({10, 2, kTraits}).back_half();
  EXPECT_EQ(of_two.first, 1U);
  const PlaceRange of_nine = ready_stream_of({10, 9, kTraits}).back_half();
  EXPECT_EQ(of_nine.first, 5U);
  EXPECT_EQ(of_nine.end, 9U);
}

TEST(WorkerStreamTest, BackHalfCountsOnlyWhatIsStillAssigned) {
  WorkerStream stream = ready_stream_of({10, 9, kTraits});
  (void)stream.revoke({5, 9});
  EXPECT_EQ(stream.back_half().first, 3U);
  stream.on_claimed(3, kNow);
  EXPECT_EQ(stream.back_half().first, 4U);
}

TEST(WorkerStreamTest, NothingIsUnderWayBeforeTheWorkerIsReady) {
  const PlaceRange range = stream_of({10, 1, kTraits}).back_half();
  EXPECT_EQ(range.first, 0U);
  EXPECT_EQ(range.end, 1U);
}

TEST(WorkerStreamTest, ChunkWaitsUntilTheOneBeforeItIsOver) {
  WorkerStream stream = stream_of({10, 2, kTraits});
  EXPECT_FALSE(stream.has_waiting_chunk());
  stream.append({20, 2, kTraits}, kNow);
  EXPECT_TRUE(stream.has_waiting_chunk());
  stream.finish(2, kNow);
  EXPECT_FALSE(stream.has_waiting_chunk());
}

TEST(WorkerStreamTest, ChunkThatWasRevokedDoesNotWait) {
  WorkerStream stream = stream_of({10, 2, kTraits});
  stream.append({20, 2, kTraits}, kNow);
  (void)stream.revoke({3, 4});
  EXPECT_TRUE(stream.has_waiting_chunk());
  (void)stream.revoke({2, 3});
  EXPECT_FALSE(stream.has_waiting_chunk());
}

TEST(WorkerStreamTest, ClaimOutsideTheStreamOrBackwardsIsIgnored) {
  WorkerStream stream = stream_of({10, 4, kTraits});
  stream.on_claimed(4, kNow);
  EXPECT_EQ(stream.claimed(), std::nullopt);
  stream.on_claimed(2, kNow);
  stream.on_claimed(1, kNow);
  EXPECT_EQ(stream.claimed(), Sequence{2});
}

TEST(WorkerStreamTest, ClaimOfARevokedPlaceIsNotARun) {
  WorkerStream stream = stream_of({10, 2, {.timeout = milliseconds(500)}});
  stream.on_ready(kNow);
  (void)stream.revoke({0, 1});
  stream.on_claimed(0, kNow);
  EXPECT_EQ(stream.claimed_live(), std::nullopt);
  EXPECT_EQ(stream.judge(kNow + milliseconds(500), RunLimits()), WorkerStream::Lateness::None);
  EXPECT_EQ(stream.judge(kNow + milliseconds(1000), RunLimits()), WorkerStream::Lateness::Silence);
}

TEST(WorkerStreamTest, ShortLimitDoesNotMakeASlowMachineLookStuck) {
  WorkerStream stream = stream_of({10, 1, {.timeout = milliseconds(1)}});
  stream.on_ready(kNow);
  EXPECT_EQ(stream.judge(kNow + milliseconds(1), RunLimits()), WorkerStream::Lateness::None);
  EXPECT_EQ(stream.deadline(RunLimits()), kNow + milliseconds(101));
}

TEST(WorkerStreamTest, WorkerThatWasAsleepWithThePoolGetsASecondLook) {
  WorkerStream stream = stream_of({10, 1, {.timeout = milliseconds(500)}});
  stream.on_ready(kNow);
  const Time later = kNow + std::chrono::hours(8);
  EXPECT_EQ(stream.judge(later, RunLimits()), WorkerStream::Lateness::None);
  EXPECT_EQ(stream.deadline(RunLimits()), later + milliseconds(500));
}

TEST(WorkerStreamTest, FirstUnfinishedTaskIsTheOneUnderWay) {
  WorkerStream stream = stream_of({10, 4, kTraits});
  EXPECT_EQ(stream.under_way(0), Sequence{0});
  EXPECT_EQ(stream.under_way(2), Sequence{0});
  EXPECT_EQ(stream.under_way(4), std::nullopt);
  EXPECT_EQ(stream.under_way(std::nullopt), std::nullopt);
}

TEST(WorkerStreamTest, DoubtfulTaskBeforeTheRunningOneWasSkipped) {
  WorkerStream stream = stream_of({10, 3, kTraits});
  stream.on_claimed(0, kNow);
  (void)stream.revoke({0, 1});
  EXPECT_EQ(stream.under_way(1), Sequence{1});
  EXPECT_EQ(stream.under_way(0), Sequence{0});
}

TEST(WorkerStreamTest, WhatIsLeftComesBackInOrderWithoutTheTaskTakenOut) {
  WorkerStream stream = stream_of({10, 5, kTraits});
  (void)stream.revoke({3, 4});
  EXPECT_EQ(stream.take(1), (TaskSpan{11, 1, kTraits}));
  EXPECT_EQ(stream.take_all(), (Spans{{10, 1, kTraits}, {12, 1, kTraits}, {14, 1, kTraits}}));
  EXPECT_EQ(stream.live(), 0U);
}

}  // namespace
}  // namespace bulkhead::scheduling
