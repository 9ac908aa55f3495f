// What happens to tasks when workers crash or are late.

#include <gtest/gtest.h>

#include "scheduling/scheduler_fixture.h"

namespace bulkhead::scheduling {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

// ---- crashes ----

TEST_F(SingleWorkerTest, OnlyTheRunningTaskIsBlamedForACrash) {
  submit(1, 3);
  forget_commands();
  leave(1, 0);
  EXPECT_EQ(commands(), (Lines{"finish 1 crashed w1 attempts 1", "start w2",
                               "assign w2 #0 tasks 2+1", "assign w2 #1 tasks 3+1"}));
}

TEST_F(SingleWorkerTest, RetryIsRunAlone) {
  submit(1, 3, {.retries = 1});
  forget_commands();
  leave(1, 0);
  EXPECT_EQ(commands(),
            (Lines{"retry 1 crashed w1 attempts 1", "start w2", "assign w2 #0 tasks 1+1"}));
  EXPECT_TRUE(finish(2));
  EXPECT_EQ(commands(), (Lines{"assign w2 #1 tasks 2+1", "assign w2 #2 tasks 3+1"}));
}

TEST_F(SchedulerTest, RetryHoldsBackTheQueueUntilAWorkerIsIdle) {
  use({.max_workers = 1});
  submit(1, 2, {.retries = 1});
  leave(1, 0);
  submit(3, 5);
  forget_commands();
  leave(2, 0);
  EXPECT_EQ(commands(), (Lines{"finish 1 crashed w2 attempts 2", "start w3",
                               "assign w3 #0 tasks 2+1", "assign w3 #1 tasks 3+1"}));
}

TEST_F(SchedulerTest, RetryWithoutAWorkerIsNotOvertaken) {
  submit(1, 2, {.retries = 1});
  leave(1, 0);
  leave(3);  // the start for the retry fails
  forget_commands();
  submit(3, 1);
  EXPECT_EQ(commands(), Lines{});
  EXPECT_TRUE(finish(2));
  EXPECT_EQ(commands(), (Lines{"assign w2 #1 tasks 1+1"}));
}

TEST_F(SingleWorkerTest, TaskIsStartedAtMostOneAndRetriesTimes) {
  submit(1, 1, {.retries = 2});
  leave(1, 0);
  leave(2, 0);
  forget_commands();
  leave(3, 0);
  EXPECT_EQ(commands(), (Lines{"finish 1 crashed w3 attempts 3"}));
}

TEST_F(SingleWorkerTest, RetryThatWasNotStartedLosesNoAttempt) {
  submit(1, 1, {.retries = 1});
  leave(1, 0);
  ready(2);
  leave(2);
  forget_commands();
  advance(seconds(1));
  EXPECT_EQ(commands(), (Lines{"start w3", "assign w3 #0 tasks 1+1"}));
  leave(3, 0);
  EXPECT_EQ(commands(), (Lines{"finish 1 crashed w3 attempts 2"}));
}

TEST_F(SingleWorkerTest, GivingUpARetryIsNotACancelBecauseItWasStarted) {
  submit(1, 1, {.retries = 1});
  leave(1, 0);
  forget_commands();
  cancel(1);
  answer(2, std::nullopt);
  EXPECT_EQ(commands(), (Lines{"revoke w2 #0-1", "finish 1 not retried w1 attempts 1"}));
}

TEST_F(SingleWorkerTest, RevokedTaskIsNeverBlamed) {
  submit(1, 2);
  cancel(2);
  answer(1, std::nullopt);
  forget_commands();
  leave(1, 1);
  advance(seconds(1));
  EXPECT_EQ(commands(), (Lines{"start w2", "assign w2 #0 tasks 1+1"}));
}

TEST_F(SingleWorkerTest, UnreportedTaskBeforeTheClaimedOneIsTheCulprit) {
  submit(1, 2);
  forget_commands();
  leave(1, 1);
  EXPECT_EQ(commands(),
            (Lines{"finish 1 crashed w1 attempts 1", "start w2", "assign w2 #0 tasks 2+1"}));
}

TEST_F(SingleWorkerTest, CommandsForAWorkerThatIsGoneAreDropped) {
  submit(1, 1);
  leave(1, 0);
  EXPECT_EQ(commands(), (Lines{"finish 1 crashed w1 attempts 1"}));
}

// ---- deadlines ----

constexpr TaskTraits kTimed{.timeout = seconds(5)};

TEST_F(SingleWorkerTest, DeadlineCountsFromTheClaim) {
  submit(1, 1, kTimed);
  EXPECT_EQ(wake_up(), std::nullopt);  // A worker that is not ready cannot be late.
  ready(1);
  now_ += seconds(1);
  claim(1, 0);
  EXPECT_EQ(wake_up(), seconds(5));
}

TEST_F(SingleWorkerTest, OverrunKillsAndIsTimedOut) {
  submit(1, 1, {.timeout = seconds(5), .retries = 3});
  ready(1);
  claim(1, 0);
  forget_commands();
  advance(seconds(5) - Duration(1));
  EXPECT_EQ(commands(), Lines{});
  advance(Duration(1));
  EXPECT_EQ(commands(), (Lines{"kill w1"}));
  EXPECT_EQ(wake_up(), std::nullopt);
  leave(1, 0);
  EXPECT_EQ(commands(), (Lines{"finish 1 timed out w1 attempts 1"}));
}

TEST_F(SingleWorkerTest, OthersAreSafeBeforeAKill) {
  submit(1, 2, kTimed);
  ready(1);
  claim(1, 0);
  forget_commands();
  advance(seconds(5));
  EXPECT_EQ(commands(), (Lines{"revoke w1 #1-2"}));
  answer(1, 0);
  EXPECT_EQ(commands(), (Lines{"kill w1"}));
  EXPECT_EQ(scheduler_.queued_tasks(), 1U);
  leave(1, 0);
  EXPECT_EQ(commands(),
            (Lines{"finish 1 timed out w1 attempts 1", "start w2", "assign w2 #0 tasks 2+1"}));
}

TEST_F(SingleWorkerTest, WorkerThatWentOnInTheMeantimeIsNotKilled) {
  submit(1, 2, kTimed);
  ready(1);
  claim(1, 0);
  advance(seconds(5));
  forget_commands();
  answer(1, 1);
  EXPECT_EQ(commands(), Lines{});
  EXPECT_EQ(wake_up(), seconds(5));  // the deadline of the second task
  EXPECT_TRUE(finish(1, 2));
}

TEST_F(SingleWorkerTest, FinishReportedBeforeTheExitWins) {
  submit(1, 1, kTimed);
  claim(1, 0);
  advance(seconds(5));
  EXPECT_TRUE(finish(1));
  forget_commands();
  leave(1);
  EXPECT_EQ(commands(), Lines{});
}

TEST_F(SingleWorkerTest, WorkerThatDiesBeforeItIsKilledHasCrashed) {
  submit(1, 2, kTimed);
  claim(1, 0);
  advance(seconds(5));
  forget_commands();
  leave(1, 0);
  EXPECT_EQ(commands().front(), "finish 1 crashed w1 attempts 1");
}

TEST_F(SingleWorkerTest, ClaimFromTheFutureBuysNoTime) {
  submit(1, 1, kTimed);
  scheduler_.on_claimed(1, 0, now_ + seconds(60), now_);
  EXPECT_EQ(wake_up(), seconds(5));
}

TEST_F(SingleWorkerTest, TaskForAWorkerLongIdleHasItsFullTime) {
  teach(1, microseconds(1));
  now_ += std::chrono::hours(1);
  submit(1, 1, kTimed);
  EXPECT_EQ(wake_up(), seconds(5));
}

TEST_F(SingleWorkerTest, RepeatedClaimDoesNotMoveTheDeadline) {
  submit(1, 1, kTimed);
  claim(1, 0);
  now_ += seconds(4);
  claim(1, 0);
  EXPECT_EQ(wake_up(), seconds(1));
}

TEST_F(SingleWorkerTest, FinishedTaskGivesTheNextOneItsFullTime) {
  submit(1, 2, kTimed);
  claim(1, 0);
  now_ += seconds(4);
  EXPECT_TRUE(finish(1));
  claim(1, 1);
  EXPECT_EQ(wake_up(), seconds(5));
}

TEST_F(SingleWorkerTest, UnclaimedTaskIsLookedForAfterItsLimit) {
  submit(1, 1, kTimed);
  ready(1);
  EXPECT_EQ(wake_up(), seconds(5));
  forget_commands();
  advance(seconds(5));
  EXPECT_EQ(commands(), Lines{});
  EXPECT_EQ(wake_up(), seconds(5));
}

TEST_F(SingleWorkerTest, WorkerThatNeverClaimsIsKilledAndNobodyIsBlamed) {
  submit(1, 2, kTimed);
  ready(1);
  forget_commands();
  advance(seconds(5));
  advance(seconds(5));
  EXPECT_EQ(commands(), (Lines{"revoke w1 #0-2"}));
  answer(1, std::nullopt);
  EXPECT_EQ(commands(), (Lines{"kill w1"}));
  leave(1);
  advance(seconds(1));
  EXPECT_EQ(commands(), (Lines{"start w2", "assign w2 #0 tasks 1+1", "assign w2 #1 tasks 2+1"}));
}

TEST_F(SingleWorkerTest, WorkerThatClaimsAtTheLastMomentIsNotKilled) {
  submit(1, 2, kTimed);
  ready(1);
  advance(seconds(5));
  advance(seconds(5));
  forget_commands();
  answer(1, 0);
  EXPECT_EQ(commands(), (Lines{"assign w1 #2 tasks 2+1"}));
  EXPECT_EQ(wake_up(), seconds(5));
}

TEST_F(SingleWorkerTest, LimitBeyondTheEndOfTimeNeverComes) {
  submit(1, 1, {.timeout = Duration::max()});
  claim(1, 0);
  EXPECT_EQ(scheduler_.next_deadline(), Time::max());
}

}  // namespace
}  // namespace bulkhead::scheduling
