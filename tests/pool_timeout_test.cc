#include <algorithm>
#include <chrono>
#include <csignal>
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
using Clock = std::chrono::steady_clock;

class PoolTimeLimit : public PoolTest {
 protected:
  Signs signs_{"pool-time-limit"};
};

TEST_P(PoolTimeLimit, TheErrorSaysTheLimitAndWhatWasUsedAndTheNextTaskHasAFreshProcess) {
  ProcessPoolExecutor executor(1);
  const auto failure = executor.submit({.timeout = 20ms}, victims::sleep_forever).outcome().error();
  EXPECT_EQ(failure.kind, FailureKind::TimedOut);
  EXPECT_EQ(failure.limit, 20ms);
  EXPECT_GE(failure.elapsed, 20ms);
  EXPECT_EQ(failure.attempts, 1U);
  EXPECT_NE(failure.pid, 0);
  EXPECT_NE(executor.submit(victims::process_id).get(), failure.pid);
}

int hang_at_zero(int item) {
  if (item == 0) {
    victims::sleep_forever();
  }
  return item;
}

TEST_P(PoolTimeLimit, InMediansStopsTheStragglerOfAMap) {
  ProcessPoolExecutor executor(2);
  const std::vector items{0, 1, 2, 3, 4, 5};
  std::vector<Failure> failures;
  auto results = executor.map({.each = {.relative_timeout = 3}}, hang_at_zero, items);
  for (const auto& [index, outcome] : results.indexed()) {
    if (outcome) {
      EXPECT_EQ(*outcome, static_cast<int>(index));
    } else {
      failures.push_back(outcome.error());
    }
  }
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_EQ(failures[0].kind, FailureKind::TimedOut);
  EXPECT_EQ(failures[0].index, 0U);
  EXPECT_GE(failures[0].limit, 100ms);
  EXPECT_GE(failures[0].elapsed, failures[0].limit);
}

TEST_P(PoolTimeLimit, InMediansOfAMapKnowsNothingOfTheMapBefore) {
  ProcessPoolExecutor executor(2);
  const auto take = [](int ms) {
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    return ms;
  };
  const MapOptions generous{.each = {.relative_timeout = 1e9}};
  EXPECT_EQ(executor.map(generous, take, std::vector(100, 0)).collect().size(), 100U);
  // Each takes longer than 100 ms, which is what a hundred medians of that map would be.
  const MapOptions strict{.each = {.relative_timeout = 100}};
  EXPECT_EQ(executor.map(strict, take, std::vector(4, 150)).collect().size(), 4U);
}

TEST_P(PoolTimeLimit, IsNoticedAtOnceNotWhenSomebodyLooks) {
  // The machine may be busy: one try in ten must be stopped within 5 ms after its limit. Who looks
  // every 100 ms, say, stops one in twenty so soon.
  constexpr int kTries = 100;
  constexpr int kSoon = 10;
  ProcessPoolExecutor executor(1);
  int soon = 0;
  for (int i = 0; i < kTries && soon < kSoon; ++i) {
    const auto failure =
        executor.submit({.timeout = 1ms}, victims::sleep_forever).outcome().error();
    EXPECT_EQ(failure.kind, FailureKind::TimedOut);
    soon += failure.elapsed <= 6ms ? 1 : 0;
  }
  EXPECT_EQ(soon, kSoon);
}

TEST_P(PoolTimeLimit, WithGraceATaskThatLooksEndsTimedOutAndKeepsItsWorker) {
  ProcessPoolExecutor executor(1);
  const auto look = [] {
    while (!this_task::stop_requested()) {
      std::this_thread::yield();
    }
    return ::getpid();
  };
  const auto failure = executor.submit({.timeout = 5ms, .grace = 1h}, look).outcome().error();
  EXPECT_EQ(failure.kind, FailureKind::TimedOut);
  EXPECT_GE(failure.elapsed, 5ms);
  EXPECT_EQ(executor.submit(victims::process_id).get(), failure.pid);
}

TEST_P(PoolTimeLimit, WithGraceATaskThatIgnoresSigtermDiesAnyway) {
  ProcessPoolExecutor executor(options());
  const auto outcome =
      executor.submit({.timeout = 5ms, .grace = 5ms}, victims::ignore_signals_and_sleep).outcome();
  EXPECT_EQ(outcome.error().kind, FailureKind::TimedOut);
}

TEST_P(PoolTimeLimit, WithGraceAStoppedProcessDiesAnyway) {
  ProcessPoolExecutor executor(options());
  const auto outcome =
      executor.submit({.timeout = 5ms, .grace = 5ms}, victims::stop_itself).outcome();
  EXPECT_EQ(outcome.error().kind, FailureKind::TimedOut);
  EXPECT_EQ(executor.submit(victims::square, 2).get(), 4);
}

TEST_P(PoolTimeLimit, ATaskThatEndsJustAtItsLimitHasOneOutcomeAndHarmsNobody) {
  ProcessPoolExecutor executor(options());
  const auto take_a_millisecond = [](int x) {
    const auto end = Clock::now() + 1ms;
    while (Clock::now() < end) {
    }
    return x;
  };
  MapOptions options;
  options.each.timeout = 1ms;
  int x = 0;
  for (const auto& outcome :
       executor.map(options, take_a_millisecond, std::views::iota(0, 100)).outcomes()) {
    if (outcome) {
      EXPECT_EQ(*outcome, x);
    } else {
      EXPECT_EQ(outcome.error().kind, FailureKind::TimedOut) << outcome.error().message();
      EXPECT_EQ(outcome.error().index, static_cast<std::uint64_t>(x));
    }
    ++x;
  }
  EXPECT_EQ(x, 100);
}

TEST_P(PoolTimeLimit, TenThousandLimitsThatAreNotReachedDisturbNobody) {
  ProcessPoolExecutor executor(options());
  std::vector<Future<int>> futures;
  for (int i = 0; i < 10'000; ++i) {
    futures.push_back(executor.submit({.timeout = 1h}, victims::square, i % 100));
  }
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_EQ(futures[static_cast<std::size_t>(i)].get(), (i % 100) * (i % 100));
  }
}

TEST_P(PoolTimeLimit, OurOwnErrorsThrownByATaskAreExceptionsOfTheTask) {
  ProcessPoolExecutor executor(options());
  const auto timeout = [] { throw TimeoutError(Failure{.kind = FailureKind::TimedOut}); };
  const auto cancelled = [] { throw CancelledError(Failure{.kind = FailureKind::Cancelled}); };
  const auto first = executor.submit({.timeout = 1h}, timeout);
  const auto second = executor.submit(cancelled);
  EXPECT_THROW(first.get(), RemoteException);
  EXPECT_THROW(second.get(), RemoteException);
  EXPECT_EQ(first.outcome().error().exceptions.front().type, "bulkhead::TimeoutError");
  EXPECT_EQ(second.outcome().error().exceptions.front().type, "bulkhead::CancelledError");
  EXPECT_FALSE(second.cancelled());
  const auto stopped = executor.submit([] { throw TaskStopped(); });
  EXPECT_EQ(stopped.outcome().error().kind, FailureKind::Exception);
}

INSTANTIATE_TEST_SUITE_P(Pools, PoolTimeLimit, two_pools(), name_of_kind);

}  // namespace
}  // namespace bulkhead
