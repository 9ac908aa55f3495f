// Workers that come to nothing, and how a pool ends.

#include <gtest/gtest.h>

#include "scheduling/scheduler_fixture.h"

namespace bulkhead::scheduling {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// ---- workers that come to nothing ----

TEST_F(SingleWorkerTest, FailedStartIsRepeatedAfterAPause) {
  submit(1, 1);
  forget_commands();
  leave(1);
  EXPECT_EQ(commands(), Lines{});
  EXPECT_EQ(wake_up(), milliseconds(10));
  advance(milliseconds(10));
  EXPECT_EQ(commands(), (Lines{"start w2", "assign w2 #0 tasks 1+1"}));
  leave(2);
  EXPECT_EQ(wake_up(), milliseconds(20));
}

TEST_F(SingleWorkerTest, FiveFailedStartsBreakThePool) {
  submit(1, 2);
  for (WorkerId worker = 1; worker <= 5; ++worker) {
    EXPECT_FALSE(scheduler_.is_broken());
    forget_commands();
    leave(worker);
    now_ += seconds(1);
    if (worker < 5) {
      scheduler_.on_time(now_);
    }
  }
  EXPECT_TRUE(scheduler_.is_broken());
  EXPECT_EQ(commands(), (Lines{"finish 1 broken w0 attempts 0", "finish 2 broken w0 attempts 0"}));
  submit(3, 1);
  EXPECT_EQ(commands(), (Lines{"finish 3 broken w0 attempts 0"}));
  EXPECT_EQ(wake_up(), std::nullopt);
}

TEST_F(SingleWorkerTest, WorkersThatDieWithNobodyToBlameBreakThePoolToo) {
  submit(1, 1);
  for (WorkerId worker = 1; worker <= 5; ++worker) {
    ready(worker);
    leave(worker);
    advance(seconds(1));
  }
  EXPECT_TRUE(scheduler_.is_broken());
}

TEST_F(SingleWorkerTest, FinishedTaskRestoresHope) {
  submit(1, 2);
  for (WorkerId worker = 1; worker <= 4; ++worker) {
    leave(worker);
    advance(seconds(1));
  }
  EXPECT_TRUE(finish(5));
  leave(5);
  leave(6);
  EXPECT_FALSE(scheduler_.is_broken());
}

TEST_F(SchedulerTest, PoolWithAWorkingWorkerIsNotBroken) {
  submit(1, 2);
  ready(1);
  WorkerId newest = 2;
  for (int i = 0; i < 10; ++i) {
    leave(newest);
    for (const Command& command : scheduler_.take_commands()) {
      if (std::holds_alternative<Revoke>(command)) {
        answer(1, 0);
      }
    }
    advance(seconds(1));
    submit(10 + static_cast<TaskId>(i), 1);
    newest += 1;
  }
  EXPECT_FALSE(scheduler_.is_broken());
  EXPECT_TRUE(finish(1));
}

TEST_F(SchedulerTest, AfterManyFailuresTheStartUnderWayMustShowFirst) {
  submit(1, 20);
  WorkerId newest = 2;
  leave(1);
  for (int failures = 1; failures < 5; ++failures) {
    forget_commands();
    advance(seconds(1));
    EXPECT_EQ(commands().front(), "start w" + std::to_string(++newest));
    leave(newest);
  }
  advance(seconds(1));
  EXPECT_EQ(commands(), Lines{});  // w2 is still starting.
  EXPECT_FALSE(scheduler_.is_broken());
  EXPECT_EQ(wake_up(), std::nullopt);
  leave(2);
  EXPECT_TRUE(scheduler_.is_broken());
}

TEST_F(SingleWorkerTest, LeavingWhenRetiredIsNoFailure) {
  submit(1, 1);
  for (WorkerId worker = 1; worker <= 4; ++worker) {
    leave(worker);
    advance(seconds(1));
  }
  cancel(1);
  answer(5, std::nullopt);
  shut_down(false);
  leave(5);
  EXPECT_TRUE(scheduler_.is_finished());
  EXPECT_FALSE(scheduler_.is_broken());
}

// ---- shutdown ----

TEST_F(SchedulerTest, IdleWorkersAreRetiredOnceAtShutdown) {
  submit(1, 2);
  EXPECT_TRUE(finish(1));
  EXPECT_TRUE(finish(2));
  forget_commands();
  shut_down(false);
  shut_down(true);
  EXPECT_EQ(commands(), (Lines{"retire w1", "retire w2"}));
  leave(1);
  EXPECT_FALSE(scheduler_.is_finished());
  leave(2);
  EXPECT_TRUE(scheduler_.is_finished());
}

TEST_F(SchedulerTest, ShutdownWithoutCancellingRunsEverything) {
  submit(1, 3);
  shut_down(false);
  forget_commands();
  EXPECT_TRUE(finish(2));
  EXPECT_TRUE(finish(1));
  EXPECT_TRUE(finish(1));
  EXPECT_EQ(commands().back(), "retire w2");
}

TEST_F(SingleWorkerTest, ShutdownWithCancellingEndsAllThatWasNotStarted) {
  submit(1, 4);
  forget_commands();
  shut_down(true);
  EXPECT_EQ(commands(), (Lines{"finish 3 cancelled w0 attempts 0",
                               "finish 4 cancelled w0 attempts 0", "revoke w1 #0-2"}));
  answer(1, 0);
  EXPECT_EQ(commands(), (Lines{"finish 2 cancelled w0 attempts 0"}));
  EXPECT_TRUE(finish(1));
  EXPECT_EQ(commands(), (Lines{"retire w1"}));
}

TEST_F(SingleWorkerTest, DoubtfulTaskSkippedDuringACancellingShutdownIsCancelled) {
  submit(1, 1);
  shut_down(true);
  answer(1, 0);
  forget_commands();
  EXPECT_TRUE(skip(1));
  EXPECT_EQ(commands(), (Lines{"finish 1 cancelled w0 attempts 0", "retire w1"}));
}

TEST_F(SingleWorkerTest, CrashDuringACancellingShutdownIsNotRetried) {
  submit(1, 1, {.retries = 5});
  shut_down(true);
  answer(1, 0);
  forget_commands();
  leave(1, 0);
  EXPECT_EQ(commands(), (Lines{"finish 1 crashed w1 attempts 1"}));
  EXPECT_TRUE(scheduler_.is_finished());
}

TEST_F(SchedulerTest, TaskAfterShutdownIsCancelled) {
  shut_down(false);
  submit(1, 1);
  EXPECT_EQ(commands(), (Lines{"finish 1 cancelled w0 attempts 0"}));
  EXPECT_TRUE(scheduler_.is_finished());
}

}  // namespace
}  // namespace bulkhead::scheduling
