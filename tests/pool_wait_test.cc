// Waiting for several futures of tasks that run in other processes.

#include <pthread.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <ranges>
#include <thread>
#include <utility>
#include <vector>

#include "gate.h"
#include "pool_test.h"
#include "process_state.h"

namespace bulkhead {
namespace {

using victims::square;
using Futures = std::vector<Future<int>>;

class PoolWait : public PoolTest {
 protected:
  static Futures squares(ProcessPoolExecutor& executor, int count) {
    Futures futures;
    for (int i = 0; i < count; ++i) {
      futures.push_back(executor.submit(square, i));
    }
    return futures;
  }
};
INSTANTIATE_TEST_SUITE_P(Every, PoolWait, every_pool(), name_of_kind);

TEST_P(PoolWait, ForAllReturnsWhenTheLastHasEnded) {
  ProcessPoolExecutor executor(options());
  const auto [done, not_done] = wait(squares(executor, 100));
  EXPECT_EQ(done.size(), 100U);
  EXPECT_TRUE(not_done.empty());
}

TEST_P(PoolWait, ForTheFirstReturnsWhileOthersRun) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const auto quick = executor.submit(square, 2);
  const auto slow = executor.submit(Gate::pass, gate.name());
  const auto [done, not_done] = wait(Futures{slow, quick}, ReturnWhen::FirstCompleted);
  EXPECT_EQ(done, Futures{quick});
  EXPECT_EQ(not_done, Futures{slow});
  gate.open();
}

TEST_P(PoolWait, ForTheFirstExceptionReturnsAtTheCrash) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const auto crash = executor.submit(victims::kill_itself);
  const auto slow = executor.submit(Gate::pass, gate.name());
  const auto good = executor.submit(square, 2);
  const auto [done, not_done] = wait(Futures{slow, good, crash}, ReturnWhen::FirstException);
  EXPECT_TRUE(crash.done());
  EXPECT_FALSE(slow.done());
  gate.open();
}

TEST_P(PoolWait, ForAllEndsAtTheLimitAndTheTaskGoesOn) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const auto slow = executor.submit(Gate::pass, gate.name());
  EXPECT_EQ(wait(Futures{slow}, ReturnWhen::AllCompleted, std::chrono::milliseconds(1)).not_done,
            Futures{slow});
  gate.open();
  EXPECT_GT(slow.get(), 0);
}

TEST_P(PoolWait, AsCompletedKeepsNothingAliveThatItHasGiven) {
  ProcessPoolExecutor executor(options());
  constexpr int kFutures = 5;
  std::array<std::weak_ptr<int>, kFutures> results;
  std::vector<Future<std::shared_ptr<int>>> futures;
  for (auto& result : results) {
    futures.push_back(executor.submit(square, 2).then([&result](int value) {
      const auto made = std::make_shared<int>(value);
      result = made;
      return made;
    }));
  }
  wait(futures);
  int given = 0;
  for (const auto& future : as_completed(std::exchange(futures, {}))) {
    EXPECT_TRUE(future.done());
    ++given;
    const auto left = std::ranges::count_if(results, [](auto& one) { return !one.expired(); });
    EXPECT_EQ(left, kFutures - given + 1);
  }
  EXPECT_EQ(given, kFutures);
  EXPECT_TRUE(std::ranges::all_of(results, [](auto& one) { return one.expired(); }));
}

TEST_P(PoolWait, ForTheFirstOfTwoPoolsWakesWhicheverItIs) {
  const Gate gate;
  ProcessPoolExecutor here(options());
  ProcessPoolExecutor there({.max_workers = 1, .start_method = StartMethod::Spawn});
  const auto slow = here.submit(Gate::pass, gate.name());
  for (int i = 0; i < 20; ++i) {
    const auto quick = there.submit(square, i);
    EXPECT_EQ(wait(Futures{slow, quick}, ReturnWhen::FirstCompleted).done, Futures{quick});
  }
  gate.open();
  EXPECT_TRUE(wait(Futures{slow, there.submit(square, 1)}).not_done.empty());
}

TEST_P(PoolWait, AsCompletedMixesPoolsAndDerivedFutures) {
  ProcessPoolExecutor here(options());
  ProcessPoolExecutor there({.max_workers = 1, .start_method = StartMethod::Spawn});
  Futures futures;
  for (int i = 0; i < 30; ++i) {
    futures.push_back((i % 2 == 0 ? here : there).submit(square, 1));
    futures.push_back(futures.back().then([](int x) { return 10 * x; }));
  }
  int sum = 0;
  for (const auto& future : as_completed(futures)) {
    sum += future.get();
  }
  EXPECT_EQ(sum, 30 + 300);
}

TEST_P(PoolWait, CollectPutsTheResultsOfTwoPoolsTogether) {
  ProcessPoolExecutor here(options());
  ProcessPoolExecutor there({.max_workers = 1, .start_method = StartMethod::Spawn});
  const auto sum = collect(Futures{here.submit(square, 3), there.submit(square, 4)})
                       .then([](const std::vector<int>& all) { return all.at(0) + all.at(1); });
  EXPECT_EQ(sum.get(), 25);
}

TEST_P(PoolWait, MissesNoneOfAHundredThatEndAtOnce) {
  ProcessPoolExecutor executor(options());
  for (int round = 0; round < 5; ++round) {
    const Gate gate;
    Futures futures;
    for (int i = 0; i < 100; ++i) {
      futures.push_back(executor.submit(Gate::pass, gate.name()));
    }
    std::vector<std::jthread> waiters;
    std::atomic<std::size_t> seen = 0;
    for (int i = 0; i < 4; ++i) {
      waiters.emplace_back([&] {
        for (const auto& future : as_completed(futures)) {
          seen += future.done() ? 1 : 0;
        }
        seen += wait(futures, ReturnWhen::FirstException).done.size();
      });
    }
    gate.open();
    waiters.clear();
    EXPECT_EQ(seen, 4U * 200);
  }
}

TEST_P(PoolWait, AsCompletedGivesWhatIsDoneThenThrowsAtTheLimit) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  Futures futures = squares(executor, 2);
  wait(futures);
  futures.push_back(executor.submit(Gate::pass, gate.name()));
  futures.push_back(executor.submit(Gate::pass, gate.name()));
  int given = 0;
  try {
    for (const auto& future : as_completed(futures, std::chrono::milliseconds(1))) {
      given += future.done() ? 1 : 0;
    }
    ADD_FAILURE() << "no exception";
  } catch (const TimeoutError& error) {
    EXPECT_STREQ(error.what(), "timed out after 1 ms: 2 (of 4) futures unfinished");
  }
  EXPECT_EQ(given, 2);
  gate.open();
}

TEST_P(PoolWait, InACallbackWorksToo) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  std::atomic<std::size_t> done = 0;
  const auto nested = executor.submit(Gate::pass, gate.name()).then([&](int) {
    const Futures futures = squares(executor, 10);
    for (const auto& future : as_completed(futures)) {
      done += future.done() ? 1 : 0;
    }
    return wait(squares(executor, 10), ReturnWhen::FirstException).done.size();
  });
  gate.open();
  EXPECT_EQ(nested.get(), 10U);
  EXPECT_EQ(done, 10U);
}

TEST_P(PoolWait, TenThreadsSubmitWaitAndCancelOnOnePool) {
  ProcessPoolExecutor executor(options());
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 10; ++thread) {
      threads.emplace_back([&, thread] {
        const auto own = squares(executor, 30);
        for (std::size_t i = static_cast<std::size_t>(thread % 3); i < own.size(); i += 3) {
          own[i].cancel();
        }
        for (int i = 0; const int value : executor.map(square, std::views::iota(0, 100))) {
          wrong += value == square(i++) ? 0 : 1;
        }
        for (const auto& future : as_completed(own)) {
          const auto at = std::find(own.begin(), own.end(), future) - own.begin();
          wrong += future.cancelled() || future.get() == square(static_cast<int>(at)) ? 0 : 1;
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

TEST_P(PoolWait, OfAThreadThatIsCancelledDoesNotKeepOthersFromTheirs) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const auto future = executor.submit(Gate::pass, gate.name());
  gate.await_arrival();
  std::promise<pid_t> waits;
  std::thread waiter([&] {
    waits.set_value(::gettid());
    future.wait();
  });
  await_sleep(waits.get_future().get());
  ASSERT_EQ(::pthread_cancel(waiter.native_handle()), 0);
  waiter.join();
  gate.open();
  EXPECT_GT(future.get(), 0);
}

}  // namespace
}  // namespace bulkhead
