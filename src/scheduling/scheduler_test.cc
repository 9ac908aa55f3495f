// Who runs what while all goes well: placing, cancelling, stealing; and who is not believed.

#include <algorithm>

#include <gtest/gtest.h>

#include "scheduling/scheduler_fixture.h"

namespace bulkhead::scheduling {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

// ---- placing ----

TEST_F(SchedulerTest, NothingIsStartedBeforeATaskComes) {
  EXPECT_EQ(commands(), Lines{});
  EXPECT_EQ(wake_up(), std::nullopt);
}

TEST_F(SchedulerTest, FirstTaskStartsAWorkerAndIsAssignedAtOnce) {
  submit(1, 1);
  EXPECT_EQ(commands(), (Lines{"start w1", "assign w1 #0 tasks 1+1"}));
  EXPECT_EQ(scheduler_.in_flight_tasks(), 1U);
  EXPECT_EQ(scheduler_.task_at(1, 0), TaskId{1});
}

TEST_F(SchedulerTest, WorkersAreStartedUpToTheLimitThenEachPrefetchesOneChunk) {
  submit(1, 10);
  EXPECT_EQ(commands(),
            (Lines{"start w1", "assign w1 #0 tasks 1+1", "start w2", "assign w2 #0 tasks 2+1",
                   "assign w1 #1 tasks 3+1", "assign w2 #1 tasks 4+1"}));
  EXPECT_EQ(scheduler_.queued_tasks(), 6U);
  EXPECT_EQ(scheduler_.in_flight_tasks(), 4U);
}

TEST_F(SchedulerTest, IdleWorkerIsUsedBeforeAnotherIsStarted) {
  submit(1, 1);
  EXPECT_TRUE(finish(1));
  forget_commands();
  submit(2, 1);
  EXPECT_EQ(commands(), (Lines{"assign w1 #1 tasks 2+1"}));
}

TEST_F(SchedulerTest, WorkerThatStoppedLastIsUsedFirst) {
  submit(1, 2);
  EXPECT_TRUE(finish(2));
  EXPECT_TRUE(finish(1));
  forget_commands();
  submit(3, 1);
  EXPECT_EQ(commands(), (Lines{"assign w1 #1 tasks 3+1"}));
}

TEST_F(SingleWorkerTest, TasksQueueBehindOthersThatHaveToWait) {
  submit(1, 2);
  EXPECT_FALSE(scheduler_.queue_behind({3, 1, {}}));  // Whether it has to wait is to be decided.
  submit(3, 1);
  EXPECT_TRUE(scheduler_.queue_behind({4, 1, {}}));
  EXPECT_EQ(scheduler_.queued_tasks(), 2U);
  forget_commands();
  EXPECT_TRUE(finish(1, 2));
  EXPECT_EQ(commands(), (Lines{"assign w1 #2 tasks 3+1", "assign w1 #3 tasks 4+1"}));
}

TEST_F(SingleWorkerTest, TasksThatOvertakeDoNotQueueBehind) {
  submit(1, 3, {.priority = -1});
  EXPECT_FALSE(scheduler_.queue_behind({4, 1, {}}));
  EXPECT_TRUE(scheduler_.queue_behind({4, 1, {.priority = -2}}));
  EXPECT_FALSE(scheduler_.queue_behind({5, 1, {.priority = -1}}));
}

TEST_F(SingleWorkerTest, NothingQueuesBehindOthersAfterTheShutdown) {
  submit(1, 3);
  shut_down(false);
  EXPECT_FALSE(scheduler_.queue_behind({4, 1, {}}));
}

TEST_F(SingleWorkerTest, FinishedChunkLetsTheNextOneIn) {
  submit(1, 4);
  forget_commands();
  EXPECT_TRUE(finish(1));
  EXPECT_EQ(commands(), (Lines{"assign w1 #2 tasks 3+1"}));
}

TEST_F(SingleWorkerTest, ChunksGrowWithWhatIsLearned) {
  submit(1, 100);
  forget_commands();
  EXPECT_TRUE(finish(1, 1, microseconds(1)));
  EXPECT_EQ(commands(), (Lines{"assign w1 #2 tasks 3+4"}));
  EXPECT_TRUE(finish(1, 1, microseconds(1)));
  EXPECT_EQ(commands(), (Lines{"assign w1 #6 tasks 7+16"}));
}

TEST_F(SingleWorkerTest, WorkerNeverHasMoreInFlightThanAllowed) {
  use({.max_workers = 1, .max_in_flight = 3});
  teach(1, microseconds(1));
  teach(1, microseconds(1));
  submit(1, 100);
  EXPECT_EQ(commands(), (Lines{"assign w1 #2 tasks 1+3"}));
}

TEST_F(SingleWorkerTest, TasksOfTwoFunctionsNeverShareAChunk) {
  teach(1, microseconds(1), {.function = 1});
  submit(1, 1, {.function = 2});
  submit(2, 1, {.function = 2});
  submit(3, 2, {.function = 1});
  EXPECT_EQ(commands(), (Lines{"assign w1 #1 tasks 1+1", "assign w1 #2 tasks 2+1"}));
}

TEST_F(SchedulerTest, AppetiteIsFourTasksAWorkerWhileNothingIsKnown) {
  EXPECT_EQ(scheduler_.appetite(0, 0), 8U);
}

TEST_F(SingleWorkerTest, AppetiteGrowsWithTheChunk) {
  teach(1, microseconds(1));
  EXPECT_EQ(scheduler_.appetite(0, 0), 16U);
}

// ---- lies ----

TEST_F(SchedulerTest, ChunkSizeThatWasAskedForIsKeptWhateverIsLearned) {
  submit(1, 23, {.chunk_size = 5});
  EXPECT_EQ(commands(),
            (Lines{"start w1", "assign w1 #0 tasks 1+5", "start w2", "assign w2 #0 tasks 6+5",
                   "assign w1 #5 tasks 11+5", "assign w2 #5 tasks 16+5"}));
  EXPECT_TRUE(finish(1, 5, microseconds(1)));
  EXPECT_EQ(commands(), (Lines{"assign w1 #10 tasks 21+3"}));
}

TEST_F(SchedulerTest, AppetiteIsForTheChunkSizeThatWasAskedFor) {
  EXPECT_EQ(scheduler_.appetite(0, 5), 40U);
}

TEST_F(SingleWorkerTest, WorkerThatFinishesMoreThanItHasLies) {
  submit(1, 2);
  EXPECT_FALSE(finish(1, 3));
  EXPECT_EQ(scheduler_.in_flight_tasks(), 2U);
  EXPECT_TRUE(finish(1, 2));
  EXPECT_FALSE(finish(1, 1));
}

TEST_F(SingleWorkerTest, UnknownWorkerLies) {
  EXPECT_FALSE(finish(9));
  EXPECT_FALSE(skip(9));
}

TEST_F(SingleWorkerTest, SkippingATaskThatWasNotRevokedIsALie) {
  submit(1, 1);
  EXPECT_FALSE(skip(1));
  EXPECT_EQ(scheduler_.in_flight_tasks(), 1U);
}

TEST_F(SingleWorkerTest, FinishingARevokedTaskIsALie) {
  submit(1, 2);
  cancel(2);
  answer(1, 0);
  EXPECT_FALSE(finish(1, 2));
  EXPECT_TRUE(finish(1, 1));
  EXPECT_FALSE(finish(1, 1));
  EXPECT_TRUE(skip(1));
  EXPECT_EQ(scheduler_.next_sequence(1), 2U);
}

TEST_F(SingleWorkerTest, ClaimBeyondTheStreamGetsTheWorkerKilled) {
  submit(1, 2);
  cancel(2);
  forget_commands();
  answer(1, 2);
  const Lines lines = commands();
  EXPECT_NE(std::find(lines.begin(), lines.end(), "kill w1"), lines.end());
}

TEST_F(SingleWorkerTest, TaskOfALiarHasCrashedAndNotTimedOut) {
  submit(1, 2);
  cancel(2);
  answer(1, 2);
  forget_commands();
  leave(1, 0);
  EXPECT_EQ(commands().front(), "finish 1 crashed w1 attempts 1");
}

// ---- cancelling ----

TEST_F(SingleWorkerTest, QueuedTaskIsCancelledAtOnce) {
  submit(1, 5);
  forget_commands();
  cancel(4);
  EXPECT_EQ(commands(), (Lines{"finish 4 cancelled w0 attempts 0"}));
  EXPECT_EQ(scheduler_.queued_tasks(), 2U);
}

TEST_F(SingleWorkerTest, TaskInFlightIsCancelledWhenItWasCertainlyNotStarted) {
  submit(1, 2);
  forget_commands();
  cancel(2);
  EXPECT_EQ(commands(), (Lines{"revoke w1 #1-2"}));
  answer(1, 0);
  EXPECT_EQ(commands(), (Lines{"finish 2 cancelled w0 attempts 0"}));
  EXPECT_EQ(scheduler_.task_at(1, 1), std::nullopt);
}

TEST_F(SingleWorkerTest, RunningTaskIsNotCancelled) {
  submit(1, 1);
  forget_commands();
  cancel(1);
  answer(1, 0);
  EXPECT_EQ(commands(), (Lines{"revoke w1 #0-1"}));
  EXPECT_TRUE(finish(1));
  EXPECT_EQ(commands(), Lines{});
}

TEST_F(SingleWorkerTest, TaskSkippedAfterADoubtfulCancelIsRunAgain) {
  submit(1, 2);
  cancel(1);
  forget_commands();
  answer(1, 0);
  EXPECT_TRUE(skip(1));
  EXPECT_EQ(commands(), (Lines{"assign w1 #2 tasks 1+1"}));
}

TEST_F(SingleWorkerTest, CancellingWhatIsOverDoesNothing) {
  submit(1, 1);
  EXPECT_TRUE(finish(1));
  forget_commands();
  cancel(1);
  cancel(99);
  EXPECT_EQ(commands(), Lines{});
}

TEST_F(SchedulerTest, CancelMeetsATaskThatAStealHasJustTakenBack) {
  submit(1, 4);
  EXPECT_TRUE(finish(2, 2));  // The idle worker wants task 3 of the other.
  forget_commands();
  cancel(3);
  answer(1, 0);  // to the steal
  answer(1, 0);  // to the cancel
  EXPECT_EQ(commands(), (Lines{"revoke w1 #1-2", "assign w2 #2 tasks 3+1", "revoke w2 #2-3"}));
  answer(2, 1);
  EXPECT_EQ(commands(), (Lines{"finish 3 cancelled w0 attempts 0"}));
}

TEST_F(SingleWorkerTest, CancelOutlivesTheWorkerThatWasAsked) {
  submit(1, 2);
  cancel(2);
  forget_commands();
  leave(1, 0);
  EXPECT_EQ(commands(),
            (Lines{"finish 1 crashed w1 attempts 1", "finish 2 cancelled w0 attempts 0"}));
}

// ---- stealing ----

TEST_F(SchedulerTest, IdleWorkerGetsWhatWaitsBehindABusyOne) {
  submit(1, 4);
  forget_commands();
  EXPECT_TRUE(finish(2, 2));
  EXPECT_EQ(commands(), (Lines{"revoke w1 #1-2"}));
  answer(1, 0);
  EXPECT_EQ(commands(), (Lines{"assign w2 #2 tasks 3+1"}));
}

TEST_F(SchedulerTest, TaskThatWasClaimedInTimeIsNotStolenAndNotAskedForAgain) {
  submit(1, 4);
  EXPECT_TRUE(finish(2, 2));
  forget_commands();
  answer(1, 1);
  EXPECT_EQ(commands(), Lines{});
  EXPECT_TRUE(finish(1, 2));
}

TEST_F(SchedulerTest, TooLittleToStealIsLeftUntilTheTaskInFrontTakesLong) {
  submit(900, 2);  // starts both workers
  EXPECT_TRUE(finish(1, 1, microseconds(10)));
  EXPECT_TRUE(finish(2, 1, microseconds(10)));
  forget_commands();
  submit(1, 6);
  EXPECT_EQ(commands(), (Lines{"assign w2 #1 tasks 1+2", "assign w1 #1 tasks 3+1",
                               "assign w1 #2 tasks 4+1", "assign w2 #3 tasks 5+1"}));
  // Task 6 waits in the queue until somebody has room.
  EXPECT_TRUE(finish(1, 2, microseconds(10)));
  EXPECT_TRUE(finish(1, 1, microseconds(10)));
  EXPECT_EQ(commands(), (Lines{"assign w1 #3 tasks 6+1"}));
  EXPECT_EQ(wake_up(), milliseconds(1));
  advance(milliseconds(1));
  EXPECT_EQ(commands(), (Lines{"revoke w2 #3-4"}));
  answer(2, 1);
  EXPECT_EQ(commands(), (Lines{"assign w1 #4 tasks 5+1"}));
}

TEST_F(SchedulerTest, ReplacementOfADeadWorkerMayStealToo) {
  submit(1, 4);
  ready(1);
  forget_commands();
  EXPECT_TRUE(finish(2, 1));
  leave(2, 1);
  EXPECT_EQ(commands(), (Lines{"finish 4 crashed w2 attempts 1", "revoke w1 #1-2"}));
  answer(1, 0);
  EXPECT_EQ(commands(), (Lines{"start w3", "assign w3 #0 tasks 3+1"}));
}

TEST_F(SchedulerTest, OneStealIsUnderWayAtATime) {
  use({.max_workers = 4});
  submit(1, 8);
  ready(1);
  ready(2);
  forget_commands();
  EXPECT_TRUE(finish(3, 2));
  EXPECT_TRUE(finish(4, 2));
  EXPECT_EQ(commands(), (Lines{"revoke w1 #1-2"}));
  answer(1, 0);
  EXPECT_EQ(commands(), (Lines{"assign w4 #2 tasks 5+1", "revoke w2 #1-2"}));
}

TEST_F(SchedulerTest, TaskOfAWorkerThatIsSlowToStartGoesToAnIdleOne) {
  submit(1, 2);
  forget_commands();
  EXPECT_TRUE(finish(2));
  EXPECT_EQ(commands(), (Lines{"revoke w1 #0-1"}));
  answer(1, std::nullopt);
  EXPECT_EQ(commands(), (Lines{"assign w2 #1 tasks 1+1"}));
}

TEST_F(SchedulerTest, NoWorkerIsStartedForTheOnlyTaskOfAnother) {
  submit(1, 1);
  forget_commands();
  advance(seconds(1));
  EXPECT_EQ(commands(), Lines{});
  EXPECT_EQ(wake_up(), std::nullopt);
}

TEST_F(SchedulerTest, VictimThatIsGoneDoesNotEndAllStealing) {
  submit(1, 4);
  EXPECT_TRUE(finish(2, 2));
  leave(1, 0);  // before it answered; task 3 goes to the idle worker
  forget_commands();
  submit(10, 3);
  EXPECT_EQ(commands(), (Lines{"start w3", "assign w3 #0 tasks 10+1", "assign w2 #3 tasks 11+1",
                               "assign w3 #1 tasks 12+1"}));
  EXPECT_TRUE(finish(3, 2));
  EXPECT_EQ(commands(), (Lines{"revoke w2 #3-4"}));
}

}  // namespace
}  // namespace bulkhead::scheduling
