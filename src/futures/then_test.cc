// Futures that are made of futures.

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "futures/fake_task.h"

namespace bulkhead {
namespace {

struct ThenTest : testing::Test {
  std::shared_ptr<FakeDriver> driver = std::make_shared<FakeDriver>();
  FakeTask<int> task{driver, 42};
  Future<int> future = task.future();
};

int twice(int x) {
  return 2 * x;
}

/// Can be neither encoded nor compared.
struct Local {
  std::shared_ptr<int> number;
};

TEST_F(ThenTest, GivesWhatTheFunctionMakesOfTheValue) {
  const Future<std::string> text = future.then([](int x) { return std::to_string(x); });
  EXPECT_FALSE(text.done());
  task.complete(7);
  EXPECT_EQ(text.get(), "7");
  EXPECT_EQ(text.get(), "7");
}

TEST_F(ThenTest, OfADoneFutureIsDone) {
  task.complete(7);
  EXPECT_EQ(future.then(twice).get(), 14);
}

TEST_F(ThenTest, ItsResultStaysInThisProcessAndNeedsNoCodec) {
  const auto local = future.then([](int x) { return Local{std::make_shared<int>(x)}; });
  task.complete(7);
  EXPECT_EQ(local.get().number, local.get().number);
}

TEST_F(ThenTest, AFunctionWithoutResultGivesAFutureOfVoid) {
  int seen = 0;
  const Future<void> nothing = future.then([&seen](int x) { seen = x; });
  const Future<int> next = nothing.then([] { return 1; });
  task.complete(7);
  nothing.get();
  EXPECT_EQ(seen, 7);
  EXPECT_EQ(next.get(), 1);
}

TEST_F(ThenTest, AFailurePassesThroughAndTheFunctionIsNotCalled) {
  bool called = false;
  const auto next = future.then([&called](int) { called = true; }).then([] { return 1; });
  task.fail(Failure{.kind = FailureKind::Crashed, .signal = 11});
  EXPECT_THROW(next.get(), WorkerCrashed);
  EXPECT_EQ(next.outcome().error().signal, 11);
  EXPECT_FALSE(called);
}

TEST_F(ThenTest, ACancellationPassesThrough) {
  const auto next = future.then(twice);
  task.fail(FailureKind::Cancelled);
  EXPECT_TRUE(next.cancelled());
  EXPECT_THROW(next.get(), CancelledError);
}

TEST_F(ThenTest, AFunctionOfAnOutcomeSeesFailuresToo) {
  const auto mended = future.then([](const Outcome<int>& x) { return x ? *x : -1; });
  task.fail(FailureKind::Crashed);
  EXPECT_EQ(mended.get(), -1);
}

TEST_F(ThenTest, AFunctionOfAnOutcomeSeesValuesToo) {
  const auto mended = future.then([](Outcome<int> x) { return x ? *x : -1; });
  task.complete(7);
  EXPECT_EQ(mended.get(), 7);
}

TEST_F(ThenTest, AFunctionOfAnOutcomeOfVoidSeesSuccessAndFailure) {
  const FakeTask<void> nothing;
  const auto success =
      nothing.future().then([](const Outcome<void>& outcome) { return outcome.has_value(); });
  nothing.end(Bytes());
  EXPECT_TRUE(success.get());
}

TEST_F(ThenTest, AGenericFunctionTakesTheValue) {
  const auto next = future.then([](auto x) { return x + 1; });
  task.complete(7);
  EXPECT_EQ(next.get(), 8);
}

TEST_F(ThenTest, WhatTheFunctionThrowsIsThrownByGetAsItIs) {
  struct OwnError : std::runtime_error {
    using std::runtime_error::runtime_error;
    int code = 3;
  };
  const auto next = future.then([](int) -> int { throw OwnError("own"); });
  task.complete(7);
  EXPECT_THROW(next.get(), OwnError);
  EXPECT_THROW(std::rethrow_exception(next.exception()), OwnError);
  EXPECT_EQ(next.outcome().error().kind, FailureKind::Exception);
  EXPECT_EQ(next.outcome().error().exceptions.at(0).message, "own");
}

TEST_F(ThenTest, AnExceptionOfTheFunctionPassesThroughTheNext) {
  const auto next = future.then([](int) -> int { throw std::out_of_range("row 7"); }).then(twice);
  task.complete(7);
  EXPECT_THROW(next.get(), std::out_of_range);
}

TEST_F(ThenTest, AFunctionThatWaitsForAFailedTaskFailsAsThatDid) {
  const FakeTask<int> other;
  other.fail(FailureKind::Crashed);
  const auto next = future.then([&other](int) { return other.future().get(); });
  task.complete(7);
  EXPECT_EQ(next.outcome().error().kind, FailureKind::Crashed);
}

TEST_F(ThenTest, BytesThatAreNoValueAreASerializationFailureOfTheNext) {
  const auto next = future.then(twice);
  task.end(Bytes(3));
  EXPECT_EQ(next.outcome().error().kind, FailureKind::Serialization);
}

TEST_F(ThenTest, AFunctionThatReturnsAFutureIsFollowed) {
  const FakeTask<std::string> inner;
  const Future<std::string> next = future.then([&inner](int) { return inner.future(); });
  task.complete(7);
  EXPECT_FALSE(next.done());
  inner.complete(std::string("inner"));
  EXPECT_EQ(next.get(), "inner");
}

TEST_F(ThenTest, AFunctionThatReturnsADoneFutureIsDone) {
  const FakeTask<int> inner;
  inner.fail(FailureKind::TimedOut);
  const Future<int> next = future.then([&inner](int) { return inner.future(); });
  task.complete(7);
  EXPECT_EQ(next.outcome().error().kind, FailureKind::TimedOut);
}

TEST_F(ThenTest, CancelBeforeTheFunctionIsCalledCancelsTheSourceToo) {
  driver->on_cancel = [this] { task.fail(FailureKind::Cancelled); };
  bool called = false;
  const auto next = future.then([&called](int) { called = true; }).then([] {});
  EXPECT_TRUE(next.cancel());
  EXPECT_TRUE(next.cancelled());
  EXPECT_TRUE(next.cancel());
  EXPECT_TRUE(future.cancelled());
  EXPECT_EQ(driver->cancelled, 42U);
  EXPECT_FALSE(called);
}

TEST_F(ThenTest, CancelHoldsAlsoIfTheSourceIsRunning) {
  bool called = false;
  const auto next = future.then([&called](int) { called = true; });
  EXPECT_TRUE(next.cancel());
  EXPECT_FALSE(future.cancelled());
  task.complete(7);
  EXPECT_FALSE(called);
  EXPECT_TRUE(next.cancelled());
}

TEST_F(ThenTest, CancelWhenTheFunctionHasBeenCalledIsRefused) {
  const auto next = future.then(twice);
  task.complete(7);
  EXPECT_FALSE(next.cancel());
  EXPECT_EQ(next.get(), 14);
}

TEST_F(ThenTest, CancelWhileItFollowsAFutureCancelsThat) {
  const FakeTask<int> inner{driver, 43};
  driver->on_cancel = [&inner] { inner.fail(FailureKind::Cancelled); };
  const auto next = future.then([&inner](int) { return inner.future(); });
  task.complete(7);
  EXPECT_TRUE(next.cancel());
  EXPECT_EQ(driver->cancelled, 43U);
  EXPECT_TRUE(next.cancelled());
}

TEST_F(ThenTest, AFutureThatWouldWaitForItselfFails) {
  auto itself = std::make_shared<std::optional<Future<int>>>();
  const Future<int> next = future.then([itself](int) { return **itself; });
  itself->emplace(next);
  task.complete(7);
  EXPECT_THROW(next.get(), std::logic_error);
  itself->reset();
}

TEST_F(ThenTest, TwoFuturesThatWouldWaitForEachOtherFail) {
  const FakeTask<int> other;
  std::optional<Future<int>> second;
  const Future<int> first = future.then([&second](int) { return *second; });
  second = other.future().then([first](int) { return first; });
  task.complete(1);
  EXPECT_FALSE(first.done());
  other.complete(1);
  EXPECT_THROW(first.get(), std::logic_error);
  EXPECT_THROW(second->get(), std::logic_error);
}

TEST_F(ThenTest, ALongChainNeedsNoStack) {
  Future<int> last = future;
  for (int i = 0; i < 100'000; ++i) {
    last = last.then([](int x) { return x + 1; });
  }
  task.complete(0);
  EXPECT_EQ(last.get(), 100'000);
}

TEST_F(ThenTest, ALoopOfFollowedFuturesNeedsNoStack) {
  struct Countdown {
    static Future<int> from(int n) {
      const FakeTask<int> step;
      step.complete(n);
      return step.future().then([](int left) { return left == 0 ? step_of(0) : from(left - 1); });
    }
    static Future<int> step_of(int value) {
      const FakeTask<int> step;
      step.complete(value);
      return step.future();
    }
  };
  const auto last = future.then([](int n) { return Countdown::from(n); });
  task.complete(2'000);
  EXPECT_EQ(last.get(), 0);
}

TEST_F(ThenTest, WaitingDrivesTheExecutorOfTheSource) {
  driver->on_drive = [this] { task.complete(7); };
  EXPECT_EQ(future.then(twice).then(twice).get(), 28);
}

TEST_F(ThenTest, WaitingEndsAtItsLimit) {
  const auto next = future.then(twice);
  EXPECT_FALSE(next.wait_for(std::chrono::nanoseconds(1)));
  EXPECT_THROW(next.get(std::chrono::nanoseconds(1)), TimeoutError);
  task.complete(1);  // What waits for it is kept until then.
}

TEST_F(ThenTest, TheFunctionIsDestroyedWhenItWasCalled) {
  auto kept = std::make_shared<int>(5);
  const auto next = future.then([kept](int x) { return x; });
  task.complete(7);
  EXPECT_EQ(kept.use_count(), 1);
}

TEST_F(ThenTest, TheFunctionRunsAlsoWhenNobodyKeepsTheNewFuture) {
  int seen = 0;
  future.then([&seen](int x) { seen = x; });
  task.complete(7);
  EXPECT_EQ(seen, 7);
}

TEST_F(ThenTest, AWaitThatThrewLeavesNothingBehind) {
  const Future<int> next = future.then(twice);
  driver->on_drive = [] { throw WrongProcess("not here"); };
  EXPECT_THROW(next.get(), WrongProcess);
  task.complete(7);
  EXPECT_EQ(next.get(), 14);
}

TEST_F(ThenTest, AChainOfAnyLengthCanBeCancelled) {
  driver->on_cancel = [this] { task.fail(FailureKind::Cancelled); };
  Future<int> last = future;
  for (int i = 0; i < 100'000; ++i) {
    last = last.then(twice);
  }
  EXPECT_TRUE(last.cancel());
  EXPECT_TRUE(future.cancelled());
}

}  // namespace
}  // namespace bulkhead
