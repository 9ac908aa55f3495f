// Coroutines that wait for futures.

#include <coroutine>
#include <exception>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "futures/fake_task.h"

namespace bulkhead {
namespace {

/// A coroutine type that knows nothing of futures: it starts at once and is destroyed at its end.
struct Detached {
  struct promise_type {  // NOLINT(readability-identifier-naming): the language's name
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

/// Another, which its owner destroys.
struct Owned {
  struct promise_type {  // NOLINT(readability-identifier-naming): the language's name
    Owned get_return_object() {
      return Owned{std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
};

Detached sum_of(Future<int> a, Future<int> b, int& sum) {
  sum = co_await a + co_await b;
}

Detached catch_failure(Future<int> future, std::string& caught) {
  try {
    co_await future;
  } catch (const WorkerCrashed& error) {
    caught = error.what();
  }
}

Owned set_when_done(Future<int> future, int& value) {
  value = co_await future;
}

Detached go_on_in(Future<int> future, std::vector<std::function<void()>>& queue, int& value) {
  value = co_await future.via([&queue](auto resume) { queue.emplace_back(resume); });
}

TEST(AwaitTest, GivesTheValueOfADoneFutureAtOnce) {
  const FakeTask<int> a;
  const FakeTask<int> b;
  a.complete(1);
  b.complete(2);
  int sum = 0;
  sum_of(a.future(), b.future(), sum);
  EXPECT_EQ(sum, 3);
}

TEST(AwaitTest, SleepsUntilTheFutureIsDone) {
  const FakeTask<int> a;
  const FakeTask<int> b;
  int sum = 0;
  sum_of(a.future(), b.future(), sum);
  b.complete(2);
  EXPECT_EQ(sum, 0);
  a.complete(1);
  EXPECT_EQ(sum, 3);
}

TEST(AwaitTest, ThrowsTheFailure) {
  const FakeTask<int> task;
  std::string caught;
  catch_failure(task.future(), caught);
  task.fail(Failure{.kind = FailureKind::Crashed, .signal = 11});
  EXPECT_EQ(caught, "killed by SIGSEGV");
}

TEST(AwaitTest, ACoroutineThatIsDestroyedAsleepIsNotResumed) {
  const FakeTask<int> task;
  int value = 0;
  const Owned coroutine = set_when_done(task.future(), value);
  coroutine.handle.destroy();
  task.complete(1);
  EXPECT_EQ(value, 0);
}

TEST(AwaitTest, ACoroutineThatIsDestroyedByACallbackOfTheSameFutureIsNotResumed) {
  const FakeTask<int> task;
  int value = 0;
  std::coroutine_handle<> coroutine;
  task.future().add_done_callback([&coroutine](const Future<int>&) { coroutine.destroy(); });
  coroutine = set_when_done(task.future(), value).handle;
  task.complete(1);
  EXPECT_EQ(value, 0);
}

TEST(AwaitTest, ViaLetsItGoOnWhereTheProgramSays) {
  const FakeTask<int> task;
  std::vector<std::function<void()>> queue;
  int value = 0;
  go_on_in(task.future(), queue, value);
  task.complete(5);
  EXPECT_EQ(value, 0);
  ASSERT_EQ(queue.size(), 1U);
  queue.front()();
  EXPECT_EQ(value, 5);
}

}  // namespace
}  // namespace bulkhead
