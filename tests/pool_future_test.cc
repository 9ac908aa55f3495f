// What the program may do with the future of a task that runs in another process.

#include <algorithm>
#include <coroutine>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "event.h"
#include "gate.h"
#include "pool_test.h"
#include "process_state.h"

namespace bulkhead {
namespace {

using victims::square;

class PoolFuture : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Every, PoolFuture, every_pool(), name_of_kind);

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

TEST_P(PoolFuture, KnowsWhetherItsTaskCanStillBeCancelled) {
  const Gate gate;
  ProcessPoolExecutor executor({.max_workers = 1, .start_method = GetParam().start_method});
  const auto running = executor.submit(Gate::pass, gate.name());
  const auto pending = executor.submit(square, 2);
  gate.await_arrival();

  EXPECT_FALSE(running.cancel());
  EXPECT_FALSE(running.done() || running.cancelled());
  EXPECT_FALSE(pending.done() || pending.cancelled());
  EXPECT_TRUE(pending.cancel());
  EXPECT_TRUE(pending.done() && pending.cancelled());
  EXPECT_TRUE(pending.cancel());
  gate.open();
  running.wait();
  EXPECT_FALSE(running.cancel());
  EXPECT_TRUE(running.done() && !running.cancelled());
}

TEST_P(PoolFuture, AskedWithoutTimeToWaitAnswersAtOnce) {
  const Gate gate;
  ProcessPoolExecutor executor({.max_workers = 1, .start_method = GetParam().start_method});
  const std::chrono::nanoseconds no_time(0);
  const auto running = executor.submit(Gate::pass, gate.name());
  const auto pending = executor.submit(square, 2);
  gate.await_arrival();
  EXPECT_THROW(running.get(no_time), TimeoutError);
  EXPECT_THROW(pending.get(no_time), TimeoutError);
  EXPECT_THROW((void)pending.exception(no_time), TimeoutError);
  pending.cancel();
  EXPECT_THROW(pending.get(no_time), CancelledError);
  gate.open();
  running.wait();
  EXPECT_GT(running.get(no_time), 0);
  EXPECT_EQ(running.exception(no_time), nullptr);
}

TEST_P(PoolFuture, WakesWhoWaitsWhenItIsCancelledByAnotherThread) {
  const Gate gate;
  ProcessPoolExecutor executor({.max_workers = 1, .start_method = GetParam().start_method});
  const auto running = executor.submit(Gate::pass, gate.name());
  const auto pending = executor.submit(square, 2);
  gate.await_arrival();
  const std::jthread canceller([&pending, waiter = ::gettid()] {
    await_sleep(waiter);
    pending.cancel();
  });
  EXPECT_THROW(pending.get(), CancelledError);
  gate.open();
}

struct Verdict {
  std::string type;
  std::string message;
};
Verdict return_an_error() {
  return {"std::runtime_error", "found, not thrown"};
}

TEST_P(PoolFuture, OfATaskThatReturnsAnErrorHasAValue) {
  ProcessPoolExecutor executor(options());
  const auto future = executor.submit(return_an_error);
  EXPECT_EQ(future.exception(), nullptr);
  EXPECT_EQ(future.get().message, "found, not thrown");
}

int throw_our_timeout() {
  throw TimeoutError(Failure{.kind = FailureKind::TimedOut});
}
int throw_our_cancellation() {
  throw CancelledError(Failure{.kind = FailureKind::Cancelled});
}

TEST_P(PoolFuture, OfATaskThatThrowsOurOwnErrorsIsNeitherTimedOutNorCancelled) {
  ProcessPoolExecutor executor(options());
  const auto timeout = executor.submit(throw_our_timeout);
  const auto cancellation = executor.submit(throw_our_cancellation);
  EXPECT_EQ(timeout.outcome().error().kind, FailureKind::Exception);
  EXPECT_EQ(timeout.outcome().error().exceptions.at(0).type, "bulkhead::TimeoutError");
  EXPECT_FALSE(cancellation.cancelled());
  EXPECT_THROW(cancellation.get(), RemoteException);
}

int throw_without_text() {
  throw std::runtime_error("");
}

TEST_P(PoolFuture, OfATaskThatThrowsWithoutATextHasFailed) {
  ProcessPoolExecutor executor(options());
  const auto future = executor.submit(throw_without_text);
  EXPECT_NE(future.exception(), nullptr);
  EXPECT_THROW(future.get(), std::runtime_error);
}

/// Memory of this process that is in RAM.
std::size_t resident_bytes() {
  std::size_t all = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST_P(PoolFuture, ArgumentsAndResultsAreFreedWithTheFuture) {
  constexpr std::size_t kMegabyte = 1U << 20U;
  constexpr int kTasks = 300;
  ProcessPoolExecutor executor(options());
  auto echo = [](std::vector<char> bytes) { return bytes; };
  const std::vector<char> bytes(kMegabyte, 'x');
  auto run = [&](int tasks) {
    for (int i = 0; i < tasks; ++i) {
      const auto future = executor.submit(echo, bytes);
      future.add_done_callback([](const auto&) {});
      EXPECT_EQ(future.get().size(), kMegabyte);
    }
  };
  run(10);
  const std::size_t before = resident_bytes();
  run(kTasks);
  if (!kSanitized) {  // They keep what was freed, to find who uses it.
    EXPECT_LT(resident_bytes(), before + 30 * kMegabyte);
  }
}

}  // namespace
}  // namespace bulkhead
