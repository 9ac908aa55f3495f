// What callbacks of futures may do, in whatever thread of the program they run.

#include <algorithm>
#include <atomic>
#include <functional>
#include <latch>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "event.h"
#include "gate.h"
#include "pool_test.h"

namespace bulkhead {
namespace {

using victims::square;

class PoolCallback : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Every, PoolCallback, every_pool(), name_of_kind);

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
  Gate gate;
  ProcessPoolExecutor executor(options());
  Event called;
  int seen = 0;
  executor.submit(Gate::pass, gate.name()).add_done_callback([&](const Future<int>& done) {
    seen = executor.submit(square, done.get() > 0 ? 4 : 0).get();
    called.happen();
  });
  gate.open();
  called.await();
  EXPECT_EQ(seen, 16);
}

TEST_P(PoolCallback, MayWaitForWhatAnotherCallbackMakes) {
  Gate gate;
  ProcessPoolExecutor executor(options());
  Event called;
  int seen = 0;
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

TEST_P(PoolCallback, InTheThreadThatWaitsDoesNotKeepThePoolFromNoticingOtherTasks) {
  ProcessPoolExecutor executor(options());
  executor.resize(std::max(2U, GetParam().max_workers));
  const auto waiter = std::this_thread::get_id();
  int waited_in_callbacks = 0;
  while (waited_in_callbacks < 3) {
    const Gate gate;
    Event noticed;
    executor.submit(Gate::pass, gate.name()).add_done_callback([&](const Future<int>&) {
      noticed.happen();
    });
    gate.await_arrival();
    for (int i = 0; i < 30; ++i) {
      executor.submit(square, i).get();  // Short ones: who waits for the next does so awake.
    }
    const auto quick = executor.submit(square, 2);
    quick.add_done_callback([&](const Future<int>&) {
      gate.open();
      if (std::this_thread::get_id() == waiter) {  // The pool's own must not wait: see Future.
        noticed.await();
        ++waited_in_callbacks;
      }
    });
    quick.wait();
    noticed.await();
  }
}

TEST_P(PoolCallback, MayShutThePoolDown) {
  Gate gate;
  ProcessPoolExecutor executor(options());
  Event called;
  executor.submit(Gate::pass, gate.name()).add_done_callback([&](const Future<int>&) {
    executor.shutdown({.wait = true});
    called.happen();
  });
  gate.open();
  called.await();
  EXPECT_THROW((void)executor.submit(square, 3), ShutdownError);
}

TEST_P(PoolCallback, MayShutThePoolDownInTheThreadThatWaits) {
  Gate gate;
  ProcessPoolExecutor executor(options());
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
  Gate gate;
  auto executor = std::make_unique<ProcessPoolExecutor>(options());
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
