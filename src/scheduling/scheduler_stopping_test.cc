#include <gtest/gtest.h>

#include "scheduling/scheduler_fixture.h"

namespace bulkhead::scheduling {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_F(SingleWorkerTest, KillOfAQueuedTaskIsACancel) {
  submit(1, 3);
  forget_commands();
  kill(3);
  EXPECT_EQ(commands(), (Lines{"finish 3 cancelled w0 attempts 0"}));
}

TEST_F(SchedulerTest, StragglerIsStoppedAtItsLimitInMedians) {
  submit(1, 5, {.function = 1, .relative_timeout = 3});
  ready(1);
  ready(2);
  claim(1, 0);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(wake_up(), std::nullopt);
    advance(seconds(1));
    EXPECT_TRUE(finish(2, 1, Duration(1U << 30U)));
  }
  answer(1, 0);  // What waited behind it was asked back.
  forget_commands();
  advance(Duration(3U << 30U) - seconds(3) - milliseconds(1));
  EXPECT_EQ(commands(), Lines{});
  advance(milliseconds(1));
  EXPECT_EQ(commands(), Lines{"kill w1"});
}

TEST_F(SingleWorkerTest, CancelOfManyTasksAsksForThoseThatTravelledTogether) {
  submit(1, 10, {.chunk_size = 3});
  ready(1);
  forget_commands();
  cancel(TaskRange{2, 9});
  EXPECT_EQ(commands(),
            (Lines{"finish 7 cancelled w0 attempts 0", "finish 8 cancelled w0 attempts 0",
                   "revoke w1 #1-3", "revoke w1 #3-6"}));
  answer(1, 1);
  answer(1, 1);
  EXPECT_EQ(commands(),
            (Lines{"finish 3 cancelled w0 attempts 0", "finish 4 cancelled w0 attempts 0",
                   "finish 5 cancelled w0 attempts 0", "finish 6 cancelled w0 attempts 0",
                   "assign w1 #6 tasks 9+2"}));
}

TEST_F(SingleWorkerTest, KillOfManyTasksEndsTheOneThatRunsAndSavesTheOthers) {
  submit(1, 4, {.chunk_size = 4});
  ready(1);
  forget_commands();
  kill(TaskRange{1, 4});
  EXPECT_EQ(commands(), (Lines{"revoke w1 #0-3"}));
  answer(1, 1);
  EXPECT_EQ(commands(), (Lines{"finish 3 cancelled w0 attempts 0", "revoke w1 #3-4"}));
  answer(1, 1);
  EXPECT_EQ(commands(), (Lines{"kill w1"}));
}

TEST_F(SingleWorkerTest, KillOfATaskThatTravelledButWasNotClaimedIsACancel) {
  submit(1, 2);
  ready(1);
  forget_commands();
  kill(2);
  EXPECT_EQ(commands(), (Lines{"revoke w1 #1-2"}));
  answer(1, 0);
  EXPECT_EQ(commands(), (Lines{"finish 2 cancelled w0 attempts 0"}));
}

TEST_F(SingleWorkerTest, KillOfARunningTaskSavesTheOthersThenKillsItsWorker) {
  submit(1, 2);
  ready(1);
  forget_commands();
  kill(1);
  answer(1, 0);
  EXPECT_EQ(commands(), (Lines{"revoke w1 #0-1", "revoke w1 #1-2"}));
  answer(1, 0);
  EXPECT_EQ(commands(), (Lines{"kill w1"}));
  leave(1, 0);
  EXPECT_EQ(commands(),
            (Lines{"finish 1 cancelled w1 attempts 1", "start w2", "assign w2 #0 tasks 2+1"}));
}

TEST_F(SingleWorkerTest, KillOfATaskThatEndsMeanwhileKillsNobody) {
  submit(1, 2);
  ready(1);
  forget_commands();
  kill(1);
  answer(1, 1);
  EXPECT_TRUE(finish(1));
  EXPECT_EQ(commands(), (Lines{"revoke w1 #0-1"}));
}

TEST_F(SingleWorkerTest, KillAfterARefusedCancelEndsTheRun) {
  submit(1, 1);
  ready(1);
  cancel(1);
  answer(1, 0);
  forget_commands();
  kill(1);
  EXPECT_EQ(commands(), (Lines{"kill w1"}));
}

TEST_F(SingleWorkerTest, KilledTaskThatIsSkippedIsCancelled) {
  submit(1, 1, {.grace = seconds(1)});
  ready(1);
  forget_commands();
  kill(1);
  answer(1, 0);
  EXPECT_TRUE(skip(1));
  EXPECT_EQ(commands(),
            (Lines{"revoke w1 #0-1", "ask w1 to stop #0", "finish 1 cancelled w0 attempts 0"}));
}

TEST_F(SingleWorkerTest, GraceEndsInTerminateThenKill) {
  submit(1, 1, {.grace = seconds(1)});
  ready(1);
  kill(1);
  answer(1, 0);
  forget_commands();
  EXPECT_EQ(wake_up(), seconds(1));
  advance(seconds(1));
  EXPECT_EQ(commands(), (Lines{"terminate w1"}));
  EXPECT_EQ(wake_up(), milliseconds(100));
  advance(milliseconds(100));
  EXPECT_EQ(commands(), (Lines{"kill w1"}));
  EXPECT_EQ(wake_up(), std::nullopt);
}

TEST_F(SingleWorkerTest, TaskThatStopsWhenAskedKeepsItsWorker) {
  submit(1, 2, {.grace = seconds(1)});
  ready(1);
  kill(1);
  answer(1, 0);
  forget_commands();
  EXPECT_TRUE(stopped(1));
  EXPECT_EQ(commands(), (Lines{"finish 1 cancelled w1 attempts 1"}));
  EXPECT_EQ(wake_up(), std::nullopt);
  EXPECT_TRUE(finish(1));
}

TEST_F(SingleWorkerTest, StoppingWithoutHavingBeenAskedIsALie) {
  submit(1, 1, {.grace = seconds(1)});
  ready(1);
  EXPECT_FALSE(stopped(1));
  kill(1);
  answer(1, 0);
  EXPECT_TRUE(stopped(1));
  EXPECT_FALSE(stopped(1));
}

TEST_F(SingleWorkerTest, TaskThatPassesItsLimitIsAskedToStopIfItHasGrace) {
  submit(1, 1, {.timeout = seconds(2), .grace = seconds(1)});
  ready(1);
  claim(1, 0);
  forget_commands();
  advance(seconds(2));
  EXPECT_EQ(commands(), (Lines{"ask w1 to stop #0"}));
  EXPECT_TRUE(stopped(1));
  EXPECT_EQ(commands(), (Lines{"finish 1 timed out w1 attempts 1"}));
}

TEST_F(SingleWorkerTest, WorkerThatSurvivesSigtermIsKilledBeforeItRunsAnotherTask) {
  submit(1, 1, {.grace = seconds(1)});
  ready(1);
  kill(1);
  answer(1, 0);
  advance(seconds(1));
  forget_commands();
  EXPECT_TRUE(finish(1));
  submit(2, 1);
  EXPECT_EQ(commands(), (Lines{"kill w1"}));
  leave(1);
  EXPECT_EQ(commands(), (Lines{"start w2", "assign w2 #0 tasks 2+1"}));
}

TEST_F(SingleWorkerTest, KilledTaskIsNotRetried) {
  submit(1, 1, {.retries = 3});
  ready(1);
  kill(1);
  answer(1, 0);
  forget_commands();
  leave(1, 0);
  EXPECT_EQ(commands(), (Lines{"finish 1 cancelled w1 attempts 1"}));
}

TEST_F(SingleWorkerTest, KillOfATaskThatWaitsForItsRetryCancelsIt) {
  submit(1, 1, {.retries = 1, .retry_delay = seconds(1)});
  leave(1, 0);
  forget_commands();
  kill(1);
  EXPECT_EQ(commands(), (Lines{"finish 1 cancelled w1 attempts 1"}));
}

// ---- retries ----

TEST_F(SingleWorkerTest, ExceptionIsRetriedOnlyIfThatWasAsked) {
  submit(1, 1, {.retries = 1});
  submit(2, 1, {.retries = 1, .retries_failures = true});
  ready(1);
  EXPECT_FALSE(failed(1));
  EXPECT_TRUE(finish(1));
  forget_commands();
  EXPECT_TRUE(failed(1));
  EXPECT_EQ(scheduler_.failed_runs(2), 1U);
  EXPECT_EQ(commands(), (Lines{"assign w1 #2 tasks 2+1"}));
  EXPECT_FALSE(failed(1));
  EXPECT_TRUE(finish(1));
}

TEST_F(SingleWorkerTest, TimeoutIsRetriedIfFailuresAre) {
  submit(1, 1, {.timeout = seconds(1), .retries = 1, .retries_failures = true});
  ready(1);
  claim(1, 0);
  advance(seconds(1));
  forget_commands();
  leave(1, 0);
  EXPECT_EQ(commands(),
            (Lines{"retry 1 timed out w1 attempts 1", "start w2", "assign w2 #0 tasks 1+1"}));
}

TEST_F(SingleWorkerTest, RetryWaitsTwiceAsLongEachTime) {
  submit(1, 1, {.retries = 3, .retry_delay = seconds(1)});
  leave(1, 0);
  EXPECT_EQ(wake_up(), seconds(1));
  submit(2, 1);
  forget_commands();
  advance(seconds(1));
  EXPECT_EQ(commands(), (Lines{}));  // Worker 2 is busy, and a retry runs alone.
  EXPECT_TRUE(finish(2));
  EXPECT_EQ(commands(), (Lines{"assign w2 #1 tasks 1+1"}));
  leave(2, 1);
  EXPECT_EQ(wake_up(), seconds(2));
}

// ---- priorities ----

TEST_F(SchedulerTest, WaitingTasksGoByPriority) {
  use({.max_workers = 1, .max_in_flight = 1});
  submit(1, 1);
  ready(1);
  submit(2, 1, {.priority = -1});
  submit(3, 1);
  submit(4, 1, {.priority = 1});
  forget_commands();
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(finish(1));
  }
  EXPECT_EQ(commands(),
            (Lines{"assign w1 #1 tasks 4+1", "assign w1 #2 tasks 3+1", "assign w1 #3 tasks 2+1"}));
}

TEST_F(SingleWorkerTest, TaskThatOutranksWhatHasTravelledTakesItsPlace) {
  submit(1, 2);
  ready(1);
  forget_commands();
  submit(3, 1, {.priority = 1});
  EXPECT_EQ(commands(), (Lines{"revoke w1 #1-2"}));
  answer(1, 0);
  EXPECT_EQ(commands(), (Lines{"assign w1 #2 tasks 3+1"}));
}

TEST_F(SchedulerTest, TaskThatCanRunAtOnceOvertakesNobody) {
  submit(1, 1);
  ready(1);
  forget_commands();
  submit(2, 1, {.priority = 1});
  EXPECT_EQ(commands(), (Lines{"start w2", "assign w2 #0 tasks 2+1"}));
}

}  // namespace
}  // namespace bulkhead::scheduling
