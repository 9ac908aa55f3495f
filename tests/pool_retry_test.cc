#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <ranges>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <bulkhead/bulkhead.h>

#include "pool_test.h"
#include "signs.h"

namespace bulkhead {
namespace {

using namespace std::chrono_literals;

int crash_in_different_ways() {
  switch (this_task::attempt()) {
    case 1:
      ::raise(SIGKILL);
      break;
    case 2:
      ::raise(SIGSEGV);
      break;
    default:
      ::raise(SIGTERM);
  }
  return 0;
}

int throw_until_the_third_run() {
  return this_task::attempt() < 3 ? victims::throw_invalid_argument(1) : 3;
}

int time_out_until_the_third_run() {
  return this_task::attempt() < 3 ? victims::sleep_forever() : 3;
}

class PoolRetry : public PoolTest {
 protected:
  Signs signs_{"pool-retry"};
};

TEST_P(PoolRetry, ATaskThatCrashesInEachOfItsRunsFailsWithAllSignals) {
  ProcessPoolExecutor executor(options());
  const auto outcome = executor.submit({.retries = 2}, crash_in_different_ways).outcome();
  ASSERT_FALSE(outcome.has_value());
  const Failure& failure = outcome.error();
  EXPECT_EQ(failure.attempts, 3U);
  EXPECT_EQ(failure.signal, SIGTERM);
  ASSERT_EQ(failure.earlier.size(), 2U);
  EXPECT_EQ(failure.earlier[0].signal, SIGKILL);
  EXPECT_EQ(failure.earlier[0].attempts, 1U);
  EXPECT_EQ(failure.earlier[1].signal, SIGSEGV);
  EXPECT_EQ(failure.earlier[1].attempts, 2U);
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
}

TEST_P(PoolRetry, ExceptionsAndTimeoutsAreNotRetriedUnlessThatIsAsked) {
  ProcessPoolExecutor executor(options());
  const auto thrown = executor.submit({.retries = 2}, throw_until_the_third_run).outcome();
  EXPECT_EQ(thrown.error().attempts, 1U);
  const auto late =
      executor.submit({.timeout = 5ms, .retries = 2}, time_out_until_the_third_run).outcome();
  EXPECT_EQ(late.error().kind, FailureKind::TimedOut);
  EXPECT_EQ(late.error().attempts, 1U);
}

TEST_P(PoolRetry, ExceptionsAndTimeoutsAreRetriedIfThatIsAsked) {
  ProcessPoolExecutor executor(options());
  const TaskOptions options{.retries = 2, .retry_on = RetryOn::Failure};
  EXPECT_EQ(executor.submit(options, throw_until_the_third_run).get(), 3);
  EXPECT_EQ(executor
                .submit({.timeout = 500ms, .retries = 2, .retry_on = RetryOn::Failure},
                        time_out_until_the_third_run)
                .get(),
            3);
}

TEST_P(PoolRetry, TheLastExceptionCountsAndTheEarlierOnesAreTold) {
  ProcessPoolExecutor executor(options());
  const auto fail = [] { return victims::throw_invalid_argument(this_task::attempt()); };
  const auto future = executor.submit({.retries = 2, .retry_on = RetryOn::Failure}, fail);
  EXPECT_THROW((void)future.get(), std::invalid_argument);
  const Failure failure = future.outcome().error();
  EXPECT_EQ(failure.attempts, 3U);
  EXPECT_EQ(failure.exceptions.front().message, "no 3 here");
  ASSERT_EQ(failure.earlier.size(), 2U);
  EXPECT_EQ(failure.earlier[0].exceptions.front().message, "no 1 here");
  EXPECT_EQ(failure.earlier[1].exceptions.front().message, "no 2 here");
}

TEST_P(PoolRetry, EachItemOfAMapIsRetriedByItself) {
  ProcessPoolExecutor executor(options());
  const auto fail_once = [](int x) {
    return this_task::attempt() == 1 && x % 7 == 0 ? victims::throw_invalid_argument(x) : x;
  };
  MapOptions options;
  options.each = {.retries = 1, .retry_on = RetryOn::Failure};
  int expected = 0;
  for (const int x : executor.map(options, fail_once, std::views::iota(0, 100))) {
    EXPECT_EQ(x, expected++);
  }
  EXPECT_EQ(expected, 100);
}

TEST_P(PoolRetry, IsPutOffForAsLongAsWasAsked) {
  ProcessPoolExecutor executor(options());
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(executor
                .submit({.retries = 2, .retry_on = RetryOn::Failure, .retry_delay = 10ms},
                        throw_until_the_third_run)
                .get(),
            3);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 30ms);  // 10 + 20
}

TEST_P(PoolRetry, OneThatIsPutOffKeepsNobodyWaitingAndIsGivenUpAtShutdown) {
  ProcessPoolExecutor executor(options());
  const auto crash = [](const std::string& ran) {
    set_sign(ran);
    return victims::kill_itself();
  };
  const auto waiting =
      executor.submit({.retries = 1, .retry_delay = 1h}, +crash, signs_.name("ran"));
  signs_.wait_for("ran");
  EXPECT_EQ(executor.submit(victims::square, 5).get(), 25);
  executor.shutdown({.cancel_futures = true});
  const Failure failure = waiting.outcome().error();
  EXPECT_EQ(failure.kind, FailureKind::Crashed);
  EXPECT_EQ(failure.signal, SIGKILL);
  EXPECT_EQ(failure.attempts, 1U);
  EXPECT_TRUE(failure.earlier.empty());
}

INSTANTIATE_TEST_SUITE_P(Pools, PoolRetry, two_pools(), name_of_kind);

class PoolPriority : public PoolTest {
 protected:
  Signs signs_{"pool-priority"};
};

TEST_P(PoolPriority, WaitingTasksStartByPriorityAlsoIfTheyHaveTravelled) {
  ProcessPoolExecutor executor(1);
  const auto wait = [](const std::string& started, const std::string& release) {
    set_sign(started);
    wait_for_sign(release);
  };
  const auto note = [](const std::string& file, int number) {
    std::ofstream(file, std::ios::app) << number << " " << std::flush;
  };
  executor.submit(+wait, signs_.name("started"), signs_.name("release"));
  signs_.wait_for("started");
  const std::string file = signs_.name("order");
  for (const int priority : {0, -1, 0, 2, 1, 2, 0, -1}) {
    executor.submit({.priority = priority}, +note, file, priority);
  }
  signs_.set("release");
  executor.shutdown();
  std::ifstream in(file);
  std::vector<int> order(std::istream_iterator<int>(in), {});
  EXPECT_EQ(order, (std::vector{2, 2, 1, 0, 0, 0, -1, -1}));
}

INSTANTIATE_TEST_SUITE_P(Pools, PoolPriority, two_pools(), name_of_kind);

}  // namespace
}  // namespace bulkhead
