// What the program may do with the future of a task that runs in another process.

#include <atomic>
#include <coroutine>
#include <latch>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "gate.h"
#include "pool_test.h"

namespace bulkhead {
namespace {

using victims::square;

class PoolFuture : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Every, PoolFuture, every_pool(), name_of_kind);

class PoolCallback : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Every, PoolCallback, every_pool(), name_of_kind);

/// Lets the test wait for what happens in whatever thread, without driving the pool.
class Event {
 public:
  void happen() { happened_.count_down(); }
  void await() { happened_.wait(); }

 private:
  std::latch happened_{1};
};

int power(int base, int exponent) {
  int result = 1;
  for (int i = 0; i < exponent; ++i) {
    result *= base;
  }
  return result;
}

TEST_P(PoolFuture, GivesTwoToTheEighth) {
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(executor.submit(power, 2, 8).get(), 256);
}

TEST_P(PoolFuture, ShowsInPrintWhatBecameOfItsTask) {
  auto printed = [](const auto& future) {
    future.wait();
    std::ostringstream out;
    out << future;
    return out.str();
  };
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(printed(executor.submit(square, 2)), "<Future finished: int>");
  EXPECT_EQ(printed(executor.submit(victims::throw_invalid_argument, 1)),
            "<Future failed: std::invalid_argument: no 1 here>");
}

TEST_P(PoolFuture, ExceptionIsWhatTheTaskThrew) {
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(executor.submit(square, 2).exception(), nullptr);
  EXPECT_THROW(
      std::rethrow_exception(executor.submit(victims::throw_invalid_argument, 1).exception()),
      std::invalid_argument);
}

TEST_P(PoolFuture, ThenRunsInThisProcess) {
  ProcessPoolExecutor executor(options());
  const auto pids = executor.submit(victims::process_id).then([](int worker) {
    return std::pair(worker, ::getpid());
  });
  const auto [worker, here] = pids.get();
  EXPECT_NE(worker, here);
  EXPECT_EQ(here, ::getpid());
}

TEST_P(PoolFuture, ThenMaySubmitTheNextTask) {
  ProcessPoolExecutor executor(options());
  const auto fourth =
      executor.submit(square, 2).then([&executor](int x) { return executor.submit(square, x); });
  EXPECT_EQ(fourth.get(), 16);
}

TEST_P(PoolFuture, ThenOfATaskThatCrashedPassesTheCrashOn) {
  ProcessPoolExecutor executor(options());
  const auto next = executor.submit(victims::kill_itself).then([](int x) { return x; });
  EXPECT_EQ(next.outcome().error().signal, SIGKILL);
}

struct Detached {
  struct promise_type {  // NOLINT(readability-identifier-naming): the language's name
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

Detached square_repeatedly(ProcessPoolExecutor& executor, int times, int& result, Event& end) {
  int value = 1;
  for (int i = 0; i < times; ++i) {
    value = co_await executor.submit(square, value + 1) % 100;
  }
  result = value;
  end.happen();
}

TEST_P(PoolFuture, ACoroutineGoesOnWithEachResult) {
  ProcessPoolExecutor executor(options());
  int expected = 1;
  for (int i = 0; i < 100; ++i) {
    expected = square(expected + 1) % 100;
  }
  int result = 0;
  Event end;
  square_repeatedly(executor, 100, result, end);
  end.await();
  EXPECT_EQ(result, expected);
}

TEST_P(PoolFuture, ThatNobodyKeepsStillHasItsTaskRun) {
  ProcessPoolExecutor executor(options());
  Event called;
  executor.submit(square, 2).add_done_callback([&called](const Future<int>&) { called.happen(); });
  called.await();
}

TEST_P(PoolCallback, RunsThoughNobodyWaitsForTheTask) {
  ProcessPoolExecutor executor(options());
  Event called;
  int seen = 0;
  const auto future = executor.submit(square, 3);
  future.add_done_callback([&](const Future<int>& done) {
    seen = done.get();
    called.happen();
  });
  called.await();
  EXPECT_EQ(seen, 9);
}

TEST_P(PoolCallback, OfACancelledTaskRunsInTheThreadThatCancels) {
  ProcessPoolExecutor executor(options());
  std::vector<Future<int>> running;
  for (unsigned i = 0; i < executor.max_workers(); ++i) {
    running.push_back(executor.submit(victims::sleep_forever));
  }
  const auto queued = executor.submit(square, 1);
  std::thread::id thread;
  queued.add_done_callback([&](const Future<int>& done) {
    EXPECT_TRUE(done.cancelled());
    thread = std::this_thread::get_id();
  });
  EXPECT_TRUE(queued.cancel());
  EXPECT_EQ(thread, std::this_thread::get_id());
  executor.kill_workers();
}

TEST_P(PoolCallback, MaySubmitSoThatChainsInParallelAllEnd) {
  constexpr int kChains = 3;
  constexpr int kLinks = 100;
  ProcessPoolExecutor executor(options());
  std::latch ends(kChains);
  std::function<void(int)> link = [&](int left) {
    executor.submit(square, left).add_done_callback([&link, &ends, left](const Future<int>&) {
      left == 0 ? ends.count_down() : link(left - 1);
    });
  };
  for (int chain = 0; chain < kChains; ++chain) {
    link(kLinks);
  }
  ends.wait();
}

TEST_P(PoolCallback, ThatThrowsLeavesThePoolUsable) {
  ProcessPoolExecutor executor(options());
  Event called;
  const auto future = executor.submit(square, 2);
  future.add_done_callback([&](const Future<int>&) {
    called.happen();
    throw std::runtime_error("clumsy");
  });
  called.await();
  EXPECT_EQ(executor.submit(square, 3).get(), 9);
}

TEST_P(PoolCallback, MayWaitForOtherTasks) {
  ProcessPoolExecutor executor(options());
  Event called;
  int seen = 0;
  Gate gate;
  executor.submit(Gate::pass, gate.name()).add_done_callback([&](const Future<int>& done) {
    seen = executor.submit(square, done.get() > 0 ? 4 : 0).get();
    called.happen();
  });
  gate.open();
  called.await();
  EXPECT_EQ(seen, 16);
}

TEST_P(PoolCallback, MayWaitForWhatAnotherCallbackMakes) {
  ProcessPoolExecutor executor(options());
  Event called;
  int seen = 0;
  Gate gate;
  executor.submit(Gate::pass, gate.name()).add_done_callback([&](const Future<int>&) {
    seen = executor.submit(square, 5).then([](int x) { return x + 1; }).get();
    called.happen();
  });
  gate.open();
  called.await();
  EXPECT_EQ(seen, 26);
}

TEST_P(PoolCallback, InTheThreadThatWaitsMayWaitToo) {
  constexpr int kTasks = 50;
  ProcessPoolExecutor executor(options());
  std::atomic<int> sum = 0;
  std::latch ends(kTasks);
  std::vector<Future<int>> futures;
  for (int i = 0; i < kTasks; ++i) {
    futures.push_back(executor.submit(square, i));
    futures.back().add_done_callback([&](const Future<int>&) {
      sum += executor.submit(square, 1).get();
      ends.count_down();
    });
  }
  for (const auto& future : futures) {
    future.wait();
  }
  ends.wait();
  EXPECT_EQ(sum, kTasks);
}

TEST_P(PoolCallback, MayShutThePoolDown) {
  ProcessPoolExecutor executor(options());
  Event called;
  Gate gate;
  executor.submit(Gate::pass, gate.name()).add_done_callback([&](const Future<int>&) {
    executor.shutdown({.wait = true});
    called.happen();
  });
  gate.open();
  called.await();
  EXPECT_THROW((void)executor.submit(square, 3), ShutdownError);
}

TEST_P(PoolCallback, MayShutThePoolDownInTheThreadThatWaits) {
  ProcessPoolExecutor executor(options());
  Gate gate;
  const auto future = executor.submit(Gate::pass, gate.name());
  future.add_done_callback([&](const Future<int>&) { executor.shutdown({.wait = true}); });
  gate.open();
  EXPECT_GT(future.get(), 0);
}

/// Happens at the end of the thread that has made one.
struct EndOfThread {
  Event* event;
  explicit EndOfThread(Event& of) : event(&of) {}
  ~EndOfThread() { event->happen(); }
};

TEST_P(PoolCallback, MayDropTheLastHandleOfThePool) {
  auto executor = std::make_unique<ProcessPoolExecutor>(options());
  Gate gate;
  Event thread_has_ended;
  const auto future = executor->submit(Gate::pass, gate.name());
  future.add_done_callback([&](const Future<int>&) {
    thread_local const EndOfThread end(thread_has_ended);
    executor.reset();
  });
  gate.open();
  thread_has_ended.await();
  EXPECT_EQ(executor, nullptr);
  EXPECT_GT(future.get(), 0);
}

TEST_P(PoolCallback, MayKillTheWorkers) {
  ProcessPoolExecutor executor(options());
  Event called;
  const auto forever = executor.submit(victims::sleep_forever);
  executor.submit(square, 2)
      .then([&executor](int) { executor.kill_workers(); })
      .add_done_callback([&called](const Future<void>&) { called.happen(); });
  if (executor.max_workers() == 1) {
    executor.kill_workers();  // The one worker never comes to the second task.
  }
  called.await();
  forever.wait();
}

}  // namespace
}  // namespace bulkhead
