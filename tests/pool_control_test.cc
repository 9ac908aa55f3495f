#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <bulkhead/bulkhead.h>

#include "pool_test.h"
#include "signs.h"

namespace bulkhead {
namespace {

using namespace std::chrono_literals;

/// Says that it runs, then does not end by itself and never looks whether it should.
int run_for_ever(const std::string& started) {
  set_sign(started);
  return victims::sleep_forever();
}

/// Says that it runs, then waits until it is asked to stop.
int run_until_asked(const std::string& started) {
  set_sign(started);
  while (!this_task::stop_requested()) {
    std::this_thread::yield();
  }
  return 7;
}

/// The same by check(), and through a handler for errors.
int check_for_ever(const std::string& started) {
  set_sign(started);
  for (;;) {
    try {
      this_task::check();
    } catch (const std::exception&) {
      return 8;  // Not for this one.
    }
    std::this_thread::yield();
  }
}

int end_when_released(const std::string& started, const std::string& release) {
  set_sign(started);
  wait_for_sign(release);
  return ::getpid();
}

class PoolKill : public PoolTest {
 protected:
  Signs signs_{"pool-kill"};
};

TEST_P(PoolKill, EndsARunningTaskAndTheNextOneRunsInAFreshProcess) {
  ProcessPoolExecutor executor(options());
  const auto future = executor.submit(run_for_ever, signs_.name("started"));
  signs_.wait_for("started");
  EXPECT_TRUE(future.running());
  std::ostringstream printed;
  printed << future;
  EXPECT_EQ(printed.str(), "<Future running>");
  EXPECT_TRUE(future.kill());
  const auto outcome = future.outcome();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().kind, FailureKind::Cancelled);
  EXPECT_EQ(outcome.error().attempts, 1U);
  EXPECT_NE(outcome.error().pid, 0);
  EXPECT_EQ(outcome.error().message(),
            "killed on request (worker " + std::to_string(outcome.error().pid) + ")");
  EXPECT_TRUE(future.cancelled());
  EXPECT_FALSE(future.cancel());  // It was started.
  EXPECT_FALSE(future.kill());
  EXPECT_FALSE(future.running());
  for (int i = 0; i < 20; ++i) {
    EXPECT_NE(executor.submit(victims::process_id).get(), outcome.error().pid);
  }
}

TEST_P(PoolKill, HitsNoOtherTask) {
  ProcessPoolExecutor executor(options());
  const auto doomed = executor.submit(run_for_ever, signs_.name("started"));
  signs_.wait_for("started");
  std::vector<Future<int>> others;
  for (int i = 0; i < 200; ++i) {
    others.push_back(executor.submit(victims::square, i));
  }
  EXPECT_TRUE(doomed.kill());
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(others[static_cast<std::size_t>(i)].get(), i * i);
  }
  EXPECT_THROW((void)doomed.get(), CancelledError);
}

TEST_P(PoolKill, CancelsWhatWasNotStartedAlsoIfItHasTravelled) {
  ProcessPoolExecutor executor(1);
  const auto running =
      executor.submit(end_when_released, signs_.name("started"), signs_.name("release"));
  signs_.wait_for("started");
  std::vector<Future<int>> waiting;
  for (int i = 0; i < 10; ++i) {
    waiting.push_back(executor.submit(run_for_ever, signs_.name("never")));
  }
  for (const auto& future : waiting) {
    EXPECT_FALSE(future.running());
    EXPECT_TRUE(future.kill());
    EXPECT_TRUE(future.cancelled());
    EXPECT_TRUE(future.cancel());  // It never ran.
    EXPECT_EQ(future.outcome().error().attempts, 0U);
  }
  signs_.set("release");
  EXPECT_EQ(executor.submit(victims::process_id).get(), running.get());
  EXPECT_FALSE(signs_.is_set("never"));
}

TEST_P(PoolKill, EndsATaskThatRunsAgain) {
  ProcessPoolExecutor executor(options());
  const auto crash_once = [](const std::string& again) {
    return this_task::attempt() == 1 ? victims::kill_itself() : run_for_ever(again);
  };
  const auto future = executor.submit({.retries = 5}, +crash_once, signs_.name("again"));
  signs_.wait_for("again");
  EXPECT_TRUE(future.kill());
  const auto failure = future.outcome().error();
  EXPECT_EQ(failure.kind, FailureKind::Cancelled);
  EXPECT_EQ(failure.attempts, 2U);
  ASSERT_EQ(failure.earlier.size(), 1U);
  EXPECT_EQ(failure.earlier[0].signal, SIGKILL);
  EXPECT_NE(failure.earlier[0].pid, failure.pid);
}

TEST_P(PoolKill, OfATaskThatIsOverChangesNothing) {
  ProcessPoolExecutor executor(options());
  const auto future = executor.submit(victims::square, 3);
  EXPECT_EQ(future.get(), 9);
  EXPECT_FALSE(future.kill());
  EXPECT_EQ(future.get(), 9);
}

TEST_P(PoolKill, EndsTheTaskThatTheCallerWaitsFor) {
  ProcessPoolExecutor executor(options());
  const auto future = executor.submit(run_for_ever, signs_.name("started"));
  const std::jthread killer([&] {
    signs_.wait_for("started");
    EXPECT_TRUE(future.kill());
  });
  EXPECT_THROW((void)future.get(), CancelledError);
}

TEST_P(PoolKill, WithGraceATaskThatLooksKeepsItsWorker) {
  ProcessPoolExecutor executor(1);
  const int worker = executor.submit(victims::process_id).get();
  for (auto* const task : {run_until_asked, check_for_ever}) {
    const auto future = executor.submit({.grace = 1h}, task, signs_.name("started"));
    signs_.wait_for("started");
    EXPECT_TRUE(future.kill());
    const auto outcome = future.outcome();
    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error().kind, FailureKind::Cancelled);
    EXPECT_EQ(outcome.error().pid, worker);
    EXPECT_EQ(executor.submit(victims::process_id).get(), worker);
    signs_.clear("started");
  }
}

TEST_P(PoolKill, WithGraceATaskThatDoesNotLookGetsSigtermThenSigkill) {
  ProcessPoolExecutor executor(options());
  for (auto* const task : {run_for_ever, +[](const std::string& started) {
                             ::signal(SIGTERM, SIG_IGN);
                             return run_for_ever(started);
                           }}) {
    const auto future = executor.submit({.grace = 1ms}, task, signs_.name("started"));
    signs_.wait_for("started");
    EXPECT_TRUE(future.kill());
    EXPECT_THROW((void)future.get(), CancelledError);
    signs_.clear("started");
  }
}

TEST_P(PoolKill, WithGraceATaskCanCleanUpAtSigterm) {
  ProcessPoolExecutor executor(options());
  static std::string file;
  const auto clean_up = [](const std::string& started, const std::string& cleaned) {
    file = cleaned;
    ::signal(SIGTERM, [](int) {
      set_sign(file);
      ::_exit(0);
    });
    return run_for_ever(started);
  };
  const auto future =
      executor.submit({.grace = 2s}, +clean_up, signs_.name("started"), signs_.name("cleaned"));
  signs_.wait_for("started");
  EXPECT_TRUE(future.kill());
  EXPECT_THROW((void)future.get(), CancelledError);
  EXPECT_TRUE(signs_.is_set("cleaned"));
}

TEST_P(PoolKill, ATaskThatNeverLooksAndEndsWithinItsGraceKeepsItsResult) {
  ProcessPoolExecutor executor(options());
  const auto future = executor.submit({.grace = 1h}, end_when_released, signs_.name("started"),
                                      signs_.name("release"));
  signs_.wait_for("started");
  EXPECT_TRUE(future.kill());
  signs_.set("release");
  EXPECT_NE(future.get(), 0);
  EXPECT_FALSE(future.cancelled());
}

TEST_P(PoolKill, TasksBehindTheOneThatIsAskedToStopStayWhereTheyAre) {
  ProcessPoolExecutor executor(1);
  const auto future = executor.submit({.grace = 1h}, run_until_asked, signs_.name("started"));
  signs_.wait_for("started");
  std::vector<Future<int>> behind;
  for (int i = 0; i < 20; ++i) {
    behind.push_back(executor.submit(victims::process_id));
  }
  EXPECT_TRUE(future.kill());
  const int worker = future.outcome().error().pid;
  for (const auto& other : behind) {
    EXPECT_EQ(other.get(), worker);
  }
}

INSTANTIATE_TEST_SUITE_P(Pools, PoolKill, two_pools(), name_of_kind);

class PoolThisTask : public PoolTest {
 protected:
  Signs signs_{"pool-this-task"};
};

TEST_P(PoolThisTask, OutsideOfATaskNothingIsAskedForAndNothingHasALimit) {
  EXPECT_FALSE(this_task::stop_requested());
  this_task::check();
  EXPECT_EQ(this_task::remaining(), std::nullopt);
  EXPECT_EQ(this_task::attempt(), 0U);
  this_task::progress(0.5);
}

TEST_P(PoolThisTask, KnowsHowMuchTimeIsLeft) {
  ProcessPoolExecutor executor(1);
  const auto remaining = [] {
    const auto left = this_task::remaining();
    return left ? static_cast<std::int64_t>(left->count()) : -1;
  };
  EXPECT_EQ(executor.submit(remaining).get(), -1);
  const auto left = std::chrono::nanoseconds(executor.submit({.timeout = 1h}, remaining).get());
  EXPECT_LE(left, 1h);
  EXPECT_GT(left, 59min);
  EXPECT_LE(std::chrono::nanoseconds(executor.submit({.timeout = 10min}, remaining).get()), 10min);
  EXPECT_EQ(executor.submit(remaining).get(), -1);
  EXPECT_LE(std::chrono::nanoseconds(executor.submit({.timeout = 10min}, remaining).get()), 10min);
}

TEST_P(PoolThisTask, TellsHowFarItIs) {
  ProcessPoolExecutor executor(options());
  const auto half = [](const std::string& started, const std::string& release) {
    this_task::progress(0.5);
    return end_when_released(started, release);
  };
  const auto future = executor.submit(+half, signs_.name("started"), signs_.name("release"));
  signs_.wait_for("started");
  ASSERT_TRUE(future.progress().has_value());
  EXPECT_NEAR(*future.progress(), 0.5, 1e-6);
  const auto silent =
      executor.submit(end_when_released, signs_.name("started2"), signs_.name("release"));
  EXPECT_EQ(silent.progress(), std::nullopt);
  signs_.set("release");
  future.wait();
  silent.wait();
  EXPECT_EQ(future.progress(), std::nullopt);
}

TEST_P(PoolThisTask, InAThreadOfTheTaskItIsThatTask) {
  ProcessPoolExecutor executor(1);
  const auto ask_in_thread = [](const std::string& started) {
    std::jthread([&] { run_until_asked(started); }).join();
    return 1;
  };
  const auto future = executor.submit({.grace = 1h}, +ask_in_thread, signs_.name("started"));
  signs_.wait_for("started");
  EXPECT_TRUE(future.kill());
  EXPECT_THROW((void)future.get(), CancelledError);
}

TEST_P(PoolThisTask, HasANameInTheStatisticsAndInItsFailure) {
  ProcessPoolExecutor executor(1);
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
  EXPECT_EQ(executor.stats().workers[0].task, "");
  const auto future = executor.submit({.name = "scan"}, run_for_ever, signs_.name("started"));
  signs_.wait_for("started");
  EXPECT_EQ(executor.stats().workers[0].task, "scan");
  EXPECT_TRUE(future.kill());
  const Failure failure = future.outcome().error();
  EXPECT_EQ(failure.name, "scan");
  EXPECT_TRUE(failure.message().starts_with("scan: killed on request (worker "));
}

TEST_P(PoolThisTask, IsCountedAsQueuedThenAsRunning) {
  ProcessPoolExecutor executor(1);
  const std::vector futures{executor.submit(run_for_ever, signs_.name("started")),
                            executor.submit(victims::square, 3),
                            executor.submit(victims::square, 4)};
  signs_.wait_for("started");
  EXPECT_EQ(executor.stats().running, 1U);
  EXPECT_EQ(executor.stats().queued, 2U);
  EXPECT_TRUE(futures[0].kill());
  wait(futures);
  EXPECT_EQ(executor.stats().running, 0U);
  EXPECT_EQ(executor.stats().queued, 0U);
}

INSTANTIATE_TEST_SUITE_P(Pools, PoolThisTask, two_pools(), name_of_kind);

TEST(InlineThisTask, IsTheFirstRunOfATaskThatNobodyStops) {
  InlineExecutor executor;
  EXPECT_EQ(executor.submit([] { return this_task::attempt(); }).get(), 1U);
  EXPECT_FALSE(executor.submit([] { return this_task::stop_requested(); }).get());
  EXPECT_EQ(this_task::attempt(), 0U);
}

}  // namespace
}  // namespace bulkhead
