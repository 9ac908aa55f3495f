// How a pool ends, and what is left of it.

#include <filesystem>
#include <ranges>
#include <string>
#include <thread>
#include <vector>

#include "gate.h"
#include "pool_test.h"

namespace bulkhead {
namespace {

using namespace std::chrono_literals;

class PoolShutdown : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Pools, PoolShutdown, every_pool(), name_of_kind);

class PoolEnd : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Pools, PoolEnd, two_pools(), name_of_kind);

TEST_P(PoolEnd, NothingIsTakenAfterShutdown) {
  ProcessPoolExecutor executor(options());
  executor.shutdown();
  const std::vector<int> items{1, 2};
  try {
    executor.submit(victims::square, 1);
    FAIL();
  } catch (const ShutdownError& error) {
    EXPECT_STREQ(error.what(), "cannot submit after shutdown");
  }
  EXPECT_THROW(executor.map(victims::square, items), ShutdownError);
}

TEST_P(PoolShutdown, WaitsForAllThatWasSubmitted) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  std::vector<Future<int>> futures;
  for (int i = 0; i < 50; ++i) {
    futures.push_back(executor.submit(Gate::pass, gate.name()));
  }
  gate.open();
  executor.shutdown();
  for (const auto& future : futures) {
    EXPECT_TRUE(future.done());
    EXPECT_GT(future.get(), 0);
  }
}

TEST_P(PoolShutdown, WithCancellingEndsExactlyWhatWasNotStarted) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  std::vector<Future<int>> futures;
  for (int i = 0; i < 50; ++i) {
    futures.push_back(executor.submit(Gate::pass, gate.name()));
  }
  for (unsigned i = 0; i < GetParam().max_workers; ++i) {
    gate.await_arrival();
  }
  executor.shutdown({.wait = false, .cancel_futures = true});
  gate.open();
  executor.shutdown();
  const auto cancelled =
      std::ranges::count_if(futures, [](const auto& future) { return future.cancelled(); });
  EXPECT_EQ(cancelled, 50 - static_cast<int>(GetParam().max_workers));
  for (const auto& future : futures) {
    EXPECT_TRUE(future.cancelled() || future.get() > 0);
  }
}

TEST_P(PoolShutdown, WithoutWaitingReturnsAtOnceAndTheTasksEnd) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const auto running = executor.submit(Gate::pass, gate.name());
  gate.await_arrival();
  executor.shutdown({.wait = false});
  EXPECT_FALSE(running.done());
  gate.open();
  EXPECT_GT(running.get(), 0);
}

int pass_and_crash(const std::string& gate) {
  Gate::pass(gate);
  return victims::segfault();
}

TEST_P(PoolShutdown, WithoutWaitingSeesACrashThatComesAfterIt) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const auto doomed = executor.submit(pass_and_crash, gate.name());
  const auto behind = executor.submit(victims::square, 3);
  gate.await_arrival();
  executor.shutdown({.wait = false});
  gate.open();
  EXPECT_EQ(doomed.outcome().error().kind, FailureKind::Crashed);
  EXPECT_EQ(behind.get(), 9);
}

TEST_P(PoolShutdown, SeesACrashThatComesWhileItWaits) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const auto doomed = executor.submit(pass_and_crash, gate.name());
  const auto behind = executor.submit(victims::square, 3);
  gate.await_arrival();
  {
    const std::jthread waiter([&executor] { executor.shutdown(); });
    while (executor.is_open()) {
      std::this_thread::yield();
    }
    gate.open();
  }
  EXPECT_EQ(doomed.outcome().error().kind, FailureKind::Crashed);
  EXPECT_EQ(behind.get(), 9);
}

TEST_P(PoolShutdown, ByItsDestructorLeavesFuturesThatTellOfACrash) {
  std::vector<Future<int>> futures;
  {
    ProcessPoolExecutor executor(options());
    for (int i = 0; i < 5; ++i) {
      futures.push_back(executor.submit(victims::segfault));
    }
  }
  for (const auto& future : futures) {
    EXPECT_EQ(future.outcome().error().kind, FailureKind::Crashed);
    EXPECT_FALSE(future.outcome().error().report().empty());
  }
}

TEST_P(PoolEnd, AFutureThatIsCancelledAtOnceHoldsNoShutdownUp) {
  for (int i = 0; i < 50; ++i) {
    ProcessPoolExecutor executor(options());
    const auto future = executor.submit(victims::square, i);
    const bool was_cancelled = future.cancel();
    executor.shutdown();
    EXPECT_TRUE(future.done());
    EXPECT_EQ(future.cancelled(), was_cancelled);
  }
}

TEST_P(PoolEnd, MayBeAskedForAgainInAnyWayFromManyThreads) {
  ProcessPoolExecutor executor(options());
  std::vector<Future<int>> futures;
  for (int i = 0; i < 100; ++i) {
    futures.push_back(executor.submit(victims::square, i));
  }
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < 8; ++i) {
      threads.emplace_back([&executor, i] {
        executor.shutdown({.wait = (i & 1U) != 0, .cancel_futures = (i & 2U) != 0});
        executor.shutdown({.wait = (i & 4U) != 0});
      });
    }
  }
  executor.shutdown();
  for (const auto& future : futures) {
    EXPECT_TRUE(future.done());
  }
}

TEST_P(PoolShutdown, ADestroyedPoolHasComputedTheResultsOfItsMap) {
  auto executor = std::make_unique<ProcessPoolExecutor>(options());
  auto results = executor->map(victims::square, std::vector{1, 2, 3, 4});
  executor.reset();
  EXPECT_EQ(results.collect(), (std::vector{1, 4, 9, 16}));
}

TEST_P(PoolEnd, TheWaitForAnIdlePoolHasALimitAfterWhichThePoolCanStillBeStopped) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const auto running = executor.submit(Gate::pass, gate.name());
  gate.await_arrival();
  EXPECT_FALSE(executor.wait_until_idle(10ms));
  gate.open();
  EXPECT_TRUE(executor.wait_until_idle(1h));
  EXPECT_TRUE(running.done());
  EXPECT_EQ(executor.submit(victims::square, 4).get(), 16);
}

TEST_P(PoolEnd, AStormOfSubmissionsThatNobodyReadsEnds) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  for (unsigned i = 0; i < GetParam().max_workers; ++i) {
    executor.submit(Gate::pass, gate.name());
    gate.await_arrival();
  }
  std::vector<std::vector<Future<int>>> futures(4);
  {
    std::vector<std::jthread> threads;
    for (auto& own : futures) {
      threads.emplace_back([&executor, &own] {
        for (int i = 0; i < 5'000; ++i) {
          own.push_back(executor.submit(victims::square, i));
        }
      });
    }
  }
  gate.open();
  for (const auto& own : futures) {
    for (int i = 0; i < 5'000; ++i) {
      EXPECT_EQ(own[static_cast<std::size_t>(i)].get(), i * i);
    }
  }
}

TEST_P(PoolEnd, AHundredPoolsLeaveNothing) {
  for (int i = 0; i < 100; ++i) {
    ProcessPoolExecutor executor(options());
    EXPECT_EQ(executor.submit(victims::square, i).get(), i * i);
  }
}

TEST_P(PoolEnd, ManyThreadsMayShareTwoPools) {
  ProcessPoolExecutor first(options());
  auto spawned = options();
  spawned.start_method = StartMethod::Spawn;
  ProcessPoolExecutor second(spawned);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 100; ++i) {
        auto& executor = (i + t) % 2 == 0 ? first : second;
        EXPECT_EQ(executor.submit(victims::square, i).get(), i * i);
      }
    });
  }
}

int sum_with_threads(int threads) {
  std::atomic<int> sum = 0;
  {
    std::vector<std::jthread> team;
    for (int i = 1; i <= threads; ++i) {
      team.emplace_back([&sum, i] { sum += i; });
    }
  }
  return sum;
}

TEST_P(PoolEnd, TasksMayUseThreadsInAProgramThatHasThem) {
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(sum_with_threads(4), 10);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(executor.submit(sum_with_threads, 4).get(), 10);
  }
}

}  // namespace
}  // namespace bulkhead
