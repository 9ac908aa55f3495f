#include "scheduling/scheduler.h"

#include <algorithm>
#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

namespace bulkhead::scheduling {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Lines = std::vector<std::string>;

std::string text(const StartWorker& c) {
  return "start w" + std::to_string(c.worker);
}
std::string text(const Kill& c) {
  return "kill w" + std::to_string(c.worker);
}
std::string text(const Retire& c) {
  return "retire w" + std::to_string(c.worker);
}
std::string text(const Assign& c) {
  return "assign w" + std::to_string(c.worker) + " #" + std::to_string(c.first) + " tasks " +
         std::to_string(c.tasks.first) + "+" + std::to_string(c.tasks.count);
}
std::string text(const Revoke& c) {
  return "revoke w" + std::to_string(c.worker) + " #" + std::to_string(c.first) + "-" +
         std::to_string(c.end);
}
std::string text(const Finish& c) {
  constexpr const char* kNames[] = {"cancelled", "timed out", "crashed", "broken"};
  return "finish " + std::to_string(c.task) + " " + kNames[static_cast<int>(c.verdict)] + " w" +
         std::to_string(c.worker) + " attempts " + std::to_string(c.attempts);
}

/// A scheduler, a clock that only the test moves, and its commands as text.
class SchedulerTest : public testing::Test {
 protected:
  explicit SchedulerTest(unsigned workers = 2) : scheduler_({.max_workers = workers}) {}

  void use(SchedulerOptions options) { scheduler_ = Scheduler(options); }
  void submit(TaskId first, std::uint32_t count, TaskTraits traits = {}) {
    scheduler_.on_submitted({first, count, traits}, now_);
  }
  void ready(WorkerId worker) { scheduler_.on_worker_ready(worker, now_); }
  bool finish(WorkerId worker, std::uint32_t count = 1, Duration mean = Duration(0)) {
    return scheduler_.on_finished(worker, count, mean, now_);
  }
  bool skip(WorkerId worker) { return scheduler_.on_skipped(worker, now_); }
  void answer(WorkerId worker, std::optional<Sequence> claimed) {
    scheduler_.on_revoke_answered(worker, claimed, now_);
  }
  void claim(WorkerId worker, Sequence place) { scheduler_.on_claimed(worker, place, now_, now_); }
  void leave(WorkerId worker, std::optional<Sequence> running = std::nullopt) {
    scheduler_.on_worker_exited(worker, running, now_);
  }
  void cancel(TaskId task) { scheduler_.on_cancel_requested(task, now_); }
  void shut_down(bool cancel_pending) { scheduler_.on_shutdown(cancel_pending, now_); }
  void advance(Duration duration) {
    now_ += duration;
    scheduler_.on_time(now_);
  }
  /// When the scheduler wants to be called, counted from now.
  std::optional<Duration> wake_up() const {
    const auto deadline = scheduler_.next_deadline();
    return deadline ? std::optional<Duration>(*deadline - now_) : std::nullopt;
  }
  Lines commands() {
    Lines lines;
    for (const Command& command : scheduler_.take_commands()) {
      lines.push_back(std::visit([](const auto& content) { return text(content); }, command));
    }
    return lines;
  }
  void forget_commands() { (void)scheduler_.take_commands(); }

  /// Makes the function known: one of its tasks takes this long. Uses up ids from 1000 on.
  void teach(WorkerId worker, Duration mean, TaskTraits traits = {}) {
    submit(next_lesson_++, 1, traits);
    ASSERT_TRUE(finish(worker, 1, mean));
    forget_commands();
  }

  Scheduler scheduler_;
  Time now_{std::chrono::hours(1)};
  TaskId next_lesson_ = 1000;
};

class SingleWorkerTest : public SchedulerTest {
 protected:
  SingleWorkerTest() : SchedulerTest(1) {}
};

// ---- placing
// -------------------------------------------------------------------------------------

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
  EXPECT_EQ(scheduler_.appetite(0), 8U);
}

TEST_F(SingleWorkerTest, AppetiteGrowsWithTheChunk) {
  teach(1, microseconds(1));
  EXPECT_EQ(scheduler_.appetite(0), 16U);
}

// ---- lies
// ----------------------------------------------------------------------------------------

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

// ---- cancelling
// ----------------------------------------------------------------------------------

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

// ---- stealing
// ------------------------------------------------------------------------------------

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
  forget_commands();
  EXPECT_TRUE(finish(2, 1));
  leave(2, 1);
  EXPECT_EQ(commands(), (Lines{"finish 4 crashed w2 attempts 1", "revoke w1 #1-2"}));
  answer(1, 0);
  EXPECT_EQ(commands(), (Lines{"start w3", "assign w3 #0 tasks 3+1"}));
}

// ---- crashes
// -------------------------------------------------------------------------------------

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
  EXPECT_EQ(commands(), (Lines{"start w2", "assign w2 #0 tasks 1+1"}));
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

TEST_F(SingleWorkerTest, GivingUpARetryIsACrashBecauseItWasStarted) {
  submit(1, 1, {.retries = 1});
  leave(1, 0);
  forget_commands();
  cancel(1);
  answer(2, std::nullopt);
  EXPECT_EQ(commands(), (Lines{"revoke w2 #0-1", "finish 1 crashed w1 attempts 1"}));
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

// ---- deadlines
// -----------------------------------------------------------------------------------

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

// ---- workers that come to nothing
// ------------------------------------------------------------------

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

// ---- shutdown
// --------------------------------------------------------------------------------------

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
