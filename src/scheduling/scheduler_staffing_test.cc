// Workers that come and go: boot-up, resize, idle time, tasks per worker.

#include <gtest/gtest.h>

#include "scheduling/scheduler_fixture.h"

namespace bulkhead::scheduling {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// ---- tasks per worker ----

TEST_F(SchedulerTest, WorkerThatRanAllItMayIsReplaced) {
  use({.max_workers = 1, .max_tasks_per_worker = 2});
  submit(1, 3);
  EXPECT_EQ(commands(), (Lines{"start w1", "assign w1 #0 tasks 1+1", "assign w1 #1 tasks 2+1"}));
  ready(1);
  EXPECT_TRUE(finish(1));
  EXPECT_EQ(commands(), Lines{});
  EXPECT_TRUE(finish(1));
  EXPECT_EQ(commands(), Lines{"retire w1 used up"});
  leave(1);
  EXPECT_EQ(commands(), (Lines{"start w2", "assign w2 #0 tasks 3+1"}));
}

TEST_F(SchedulerTest, TaskThatWasTakenBackDoesNotCount) {
  use({.max_workers = 1, .max_tasks_per_worker = 2});
  submit(1, 2);
  ready(1);
  forget_commands();
  cancel(2);
  answer(1, 0);
  submit(3, 1);
  forget_commands();
  EXPECT_TRUE(finish(1));
  EXPECT_TRUE(skip(1));
  EXPECT_EQ(commands(), Lines{});
  EXPECT_TRUE(finish(1));
  EXPECT_EQ(commands(), Lines{"retire w1 used up"});
}

TEST_F(SchedulerTest, ReplacedWorkerIsNoFailure) {
  use({.max_workers = 1, .max_tasks_per_worker = 1});
  for (WorkerId worker = 1; worker < 20; ++worker) {
    submit(worker, 1);
    ready(worker);
    EXPECT_TRUE(finish(worker));
    leave(worker);
  }
  EXPECT_FALSE(scheduler_.is_broken());
  EXPECT_EQ(wake_up(), std::nullopt);
}

// ---- idle time ----

TEST_F(SchedulerTest, WorkerThatIsIdleForLongLeavesAndComesBackOnDemand) {
  use({.max_workers = 2, .idle_timeout = seconds(1)});
  submit(1, 1);
  ready(1);
  EXPECT_EQ(wake_up(), std::nullopt);
  EXPECT_TRUE(finish(1));
  forget_commands();
  EXPECT_EQ(wake_up(), seconds(1));
  advance(milliseconds(999));
  EXPECT_EQ(commands(), Lines{});
  advance(milliseconds(1));
  EXPECT_EQ(commands(), Lines{"retire w1 idle"});
  EXPECT_EQ(wake_up(), std::nullopt);
  leave(1);
  submit(2, 1);
  EXPECT_EQ(commands(), (Lines{"start w2", "assign w2 #0 tasks 2+1"}));
}

TEST_F(SchedulerTest, TaskGivenToAnIdleWorkerKeepsIt) {
  use({.max_workers = 1, .idle_timeout = seconds(1)});
  submit(1, 1);
  ready(1);
  EXPECT_TRUE(finish(1));
  advance(milliseconds(900));
  submit(2, 1);
  forget_commands();
  advance(seconds(5));
  EXPECT_EQ(commands(), Lines{});
  EXPECT_TRUE(finish(1));
  EXPECT_EQ(wake_up(), seconds(1));
}

// ---- boot-up ----

TEST_F(SchedulerTest, BootUpStartsEveryWorkerOnce) {
  submit(1, 1);
  forget_commands();
  boot_up();
  boot_up();
  EXPECT_EQ(commands(), Lines{"start w2"});
  ready(1);
  EXPECT_TRUE(scheduler_.is_booting());
  ready(2);
  EXPECT_FALSE(scheduler_.is_booting());
}

TEST_F(SchedulerTest, BootUpTriesAgainAfterAFailureUntilThereIsNoHope) {
  boot_up();
  ready(1);
  WorkerId newest = 2;
  for (int failures = 1; failures < 5; ++failures) {
    leave(newest);
    EXPECT_TRUE(scheduler_.is_booting());
    forget_commands();
    ASSERT_TRUE(wake_up());
    advance(*wake_up());
    EXPECT_EQ(commands(), Lines{"start w" + std::to_string(++newest)});
  }
  leave(newest);
  EXPECT_FALSE(scheduler_.is_booting());
  EXPECT_FALSE(scheduler_.is_broken());
}

TEST_F(SchedulerTest, ShutdownEndsABootUp) {
  boot_up();
  leave(2);
  shut_down(false);
  ready(1);
  EXPECT_FALSE(scheduler_.is_booting());
}

// ---- resize ----

TEST_F(SchedulerTest, LargerPoolStartsWorkersForWhatWaits) {
  submit(1, 6);
  forget_commands();
  resize(3);
  EXPECT_EQ(commands(), (Lines{"start w3", "assign w3 #0 tasks 5+1", "assign w3 #1 tasks 6+1"}));
}

TEST_F(SchedulerTest, SmallerPoolLetsTheIdleGoAtOnceAndKeepsTheBusy) {
  use({.max_workers = 3});
  boot_up();
  ready(1);
  ready(2);
  ready(3);
  submit(1, 1);
  forget_commands();
  resize(1);
  EXPECT_EQ(commands(), (Lines{"retire w2 surplus", "retire w3 surplus"}));
  EXPECT_TRUE(finish(1));
  EXPECT_EQ(commands(), Lines{});
}

TEST_F(SchedulerTest, SurplusWorkerEndsItsTaskAndHandsOnTheOthers) {
  submit(1, 4);
  ready(1);
  ready(2);
  forget_commands();
  resize(1);
  EXPECT_EQ(commands(), Lines{"revoke w2 #0-2"});
  answer(2, 0);
  forget_commands();
  EXPECT_TRUE(finish(2));
  EXPECT_EQ(commands(), Lines{"retire w2 surplus"});
}

TEST_F(SchedulerTest, WorkerThatHasNotLeftYetStaysWhenThePoolGrowsAgain) {
  submit(1, 2);
  ready(1);
  ready(2);
  resize(1);
  answer(2, 0);
  resize(2);
  forget_commands();
  EXPECT_TRUE(finish(2));
  EXPECT_EQ(commands(), Lines{});
  submit(3, 1);
  EXPECT_EQ(commands(), Lines{"assign w2 #1 tasks 3+1"});
}

TEST_F(SchedulerTest, SurplusWorkerTakesThePlaceOfOneThatDies) {
  submit(1, 2);
  ready(1);
  ready(2);
  resize(1);
  answer(2, 0);
  forget_commands();
  leave(1, 0);
  submit(3, 1);
  EXPECT_EQ(commands(), (Lines{"finish 1 crashed w1 attempts 1", "assign w2 #1 tasks 3+1"}));
}

// ---- workers that leave of their own accord ----

TEST_F(SingleWorkerTest, WorkerThatLeavesHandsOnWhatItHasNotClaimed) {
  submit(1, 2);
  ready(1);
  EXPECT_TRUE(finish(1));
  forget_commands();
  announce_leaving(1);
  EXPECT_EQ(commands(), Lines{"revoke w1 #1-2"});
  answer(1, 0);
  EXPECT_EQ(commands(), Lines{});  // Its place is taken until it is gone.
  leave(1);
  EXPECT_EQ(commands(), (Lines{"start w2", "assign w2 #0 tasks 2+1"}));
}

TEST_F(SingleWorkerTest, WorkerThatLeavesBeforeItRanAnythingIsAFailure) {
  submit(1, 1);
  ready(1);
  announce_leaving(1);
  answer(1, std::nullopt);
  leave(1);
  forget_commands();
  EXPECT_EQ(wake_up(), milliseconds(10));
}

}  // namespace
}  // namespace bulkhead::scheduling
