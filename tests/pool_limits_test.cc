#include <atomic>
#include <chrono>
#include <fstream>
#include <future>
#include <ranges>
#include <thread>

#include <gtest/gtest.h>

#include <bulkhead/bulkhead.h>

#include "gate.h"
#include "process_state.h"
#include "victims.h"

namespace bulkhead {
namespace {

using namespace std::chrono_literals;

struct Hang {
  const char* name;
  int (*task)();

  friend void PrintTo(const Hang& hang, std::ostream* out) { *out << hang.name; }
};

class PoolTimeout : public ::testing::TestWithParam<Hang> {};

TEST_P(PoolTimeout, StopsATaskThatDoesNotEndAndFreesItsPlace) {
  ProcessPoolExecutor executor(1);
  const int first = executor.submit(victims::process_id).get();
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = executor.submit({.timeout = 100ms}, GetParam().task).outcome();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().kind, FailureKind::TimedOut);
  EXPECT_EQ(outcome.error().message(), "timed out after 100 ms");
  EXPECT_GE(std::chrono::steady_clock::now() - start, 100ms);
  EXPECT_NE(executor.submit(victims::process_id).get(), first);
}

INSTANTIATE_TEST_SUITE_P(
    Hangs, PoolTimeout,
    ::testing::Values(Hang{"Spinning", victims::spin}, Hang{"Sleeping", victims::sleep_forever},
                      Hang{"BlockingAllSignals", victims::ignore_signals_and_sleep},
                      Hang{"Stopped", victims::stop_itself},
                      Hang{"OutsideItsGroup", victims::leave_the_process_group}),
    [](const auto& hang) { return std::string(hang.param.name); });

int hang_at_multiples_of_ten(int x) {
  return x % 10 == 0 ? victims::spin() : victims::square(x);
}

TEST(PoolLimits, ATimeoutLimitsOneItemHoweverTheItemsTravel) {
  ProcessPoolExecutor executor(2);
  int timed_out = 0;
  int x = 0;
  auto results =
      executor.map({.each = {.timeout = 1s}}, hang_at_multiples_of_ten, std::views::iota(0, 40));
  for (const auto& outcome : results.outcomes()) {
    if (x % 10 == 0) {
      ASSERT_FALSE(outcome.has_value());
      EXPECT_EQ(outcome.error().kind, FailureKind::TimedOut);
      ++timed_out;
    } else {
      ASSERT_TRUE(outcome.has_value()) << outcome.error().message();
    }
    ++x;
  }
  EXPECT_EQ(timed_out, 4);
}

TEST(PoolLimits, ATimeoutCountsFromTheStartOfTheRunNotFromSubmit) {
  ProcessPoolExecutor executor(1);
  // Each takes a small part of the limit, all together more than it.
  auto work = [](int) {
    const auto end = std::chrono::steady_clock::now() + 150ms;
    while (std::chrono::steady_clock::now() < end) {
      std::this_thread::yield();
    }
    return 1;
  };
  for (const auto& outcome :
       executor.map({.each = {.timeout = 1s}}, work, std::views::iota(0, 8)).outcomes()) {
    EXPECT_TRUE(outcome.has_value());
  }
}

TEST(PoolLimits, WaitingWithALimitGivesUpTheWaitNotTheTask) {
  ProcessPoolExecutor executor(1);
  const Gate gate;
  const auto future = executor.submit(Gate::pass, gate.name());
  EXPECT_FALSE(future.wait_for(1ms));
  EXPECT_THROW((void)future.get(1ms), TimeoutError);
  EXPECT_FALSE(future.done());
  gate.open();
  EXPECT_GT(future.get(), 0);
}

/// Tells through a file that it runs, then waits until another file exists.
int run_until_released(const std::string& started, const std::string& release) {
  std::ofstream(started) << "x" << std::flush;
  while (!std::ifstream(release).good()) {
    std::this_thread::yield();
  }
  return 1;
}
int leave_a_mark(const std::string& file) {
  std::ofstream(file) << "x" << std::flush;
  return 1;
}

class PoolCancel : public ::testing::Test {
 protected:
  PoolCancel() : folder_(::testing::TempDir() + "cancel-" + std::to_string(::getpid())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~PoolCancel() override { std::filesystem::remove_all(folder_); }
  std::string file(const std::string& name) const { return folder_ + "/" + name; }
  void wait_for(const std::string& name) const {
    while (!std::filesystem::exists(file(name))) {
      std::this_thread::yield();
    }
  }
  const std::string folder_;
};

TEST_F(PoolCancel, IsExactAlsoForTasksThatHaveTravelledToAWorker) {
  ProcessPoolExecutor executor(1);
  const auto running = executor.submit(run_until_released, file("started"), file("release"));
  wait_for("started");
  std::vector<Future<int>> waiting;
  for (int i = 0; i < 20; ++i) {
    waiting.push_back(executor.submit(leave_a_mark, file("mark" + std::to_string(i))));
  }
  EXPECT_FALSE(running.cancel());
  for (const auto& future : waiting) {
    EXPECT_TRUE(future.cancel());
    EXPECT_TRUE(future.cancel());
    EXPECT_TRUE(future.cancelled());
    EXPECT_THROW((void)future.get(), CancelledError);
  }
  std::ofstream(file("release")) << "x" << std::flush;
  EXPECT_EQ(running.get(), 1);
  executor.shutdown();
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(std::filesystem::exists(file("mark" + std::to_string(i))));
  }
}

TEST_F(PoolCancel, ShutdownWithCancelEndsWhatIsRunningAndDropsTheRest) {
  ProcessPoolExecutor executor(1);
  const auto running = executor.submit(run_until_released, file("started"), file("release"));
  wait_for("started");
  const auto waiting = executor.submit(leave_a_mark, file("mark"));
  executor.shutdown({.wait = false, .cancel_futures = true});
  EXPECT_TRUE(waiting.cancelled());
  std::ofstream(file("release")) << "x" << std::flush;
  executor.shutdown();
  EXPECT_EQ(running.get(), 1);
  EXPECT_FALSE(std::filesystem::exists(file("mark")));
}

TEST_F(PoolCancel, WakesTheThreadThatWaitsForTheTask) {
  ProcessPoolExecutor executor(1);
  const auto running = executor.submit(run_until_released, file("started"), file("release"));
  wait_for("started");
  const auto waiting = executor.submit(leave_a_mark, file("mark"));
  std::promise<pid_t> waits;
  std::jthread waiter([&] {
    waits.set_value(::gettid());
    EXPECT_THROW((void)waiting.get(), CancelledError);
  });
  await_sleep(waits.get_future().get());
  EXPECT_TRUE(waiting.cancel());
  waiter.join();  // Nothing else happens that could wake it.
  std::ofstream(file("release")) << "x" << std::flush;
  EXPECT_EQ(running.get(), 1);
}

TEST_F(PoolCancel, OfAMapByAnotherThreadDropsTheItemsThatDoNotRun) {
  const Gate gate;
  ProcessPoolExecutor executor(2);
  const std::vector<std::string> names(50, gate.name());
  auto results = executor.map(Gate::pass, names);
  gate.await_arrival();
  gate.await_arrival();
  const std::jthread canceller([&] {
    results.cancel();
    gate.open();
  });
  std::size_t passed = 0;
  std::size_t cancelled = 0;
  for (const auto& outcome : results.outcomes()) {
    passed += outcome.has_value() ? 1 : 0;
    cancelled += !outcome && outcome.error().kind == FailureKind::Cancelled ? 1 : 0;
  }
  EXPECT_EQ(passed, 2U);
  EXPECT_GT(cancelled, 0U);
}

TEST_F(PoolCancel, KillWorkersEndsEverythingAtOnce) {
  ProcessPoolExecutor executor(2);
  const auto running = executor.submit(run_until_released, file("started"), file("never"));
  wait_for("started");
  std::vector<Future<int>> rest;
  for (int i = 0; i < 10; ++i) {
    rest.push_back(executor.submit({.retries = 5}, victims::sleep_forever));
  }
  executor.kill_workers();
  EXPECT_THROW((void)running.get(), WorkerCrashed);
  for (const auto& future : rest) {
    EXPECT_FALSE(future.outcome().has_value());
  }
  EXPECT_THROW((void)executor.submit(victims::square, 1), ShutdownError);
}

TEST(PoolLimits, ATaskKilledTakesItsProcessGroupAlong) {
  const std::string pid_file = ::testing::TempDir() + "grandchild-" + std::to_string(::getpid());
  ProcessPoolExecutor executor(1);
  const auto future = executor.submit(victims::leave_a_grandchild, pid_file);
  int grandchild = 0;
  while (!(std::ifstream(pid_file) >> grandchild)) {
    std::this_thread::yield();
  }
  EXPECT_TRUE(future.kill());
  EXPECT_THROW((void)future.get(), CancelledError);
  executor.shutdown();
  // The signal is sent, but a process dies, and an orphan is reaped by init, in its own time.
  while (std::string("?ZX").find(state_of(grandchild)) == std::string::npos) {
    std::this_thread::yield();
  }
  std::remove(pid_file.c_str());
}

}  // namespace
}  // namespace bulkhead
