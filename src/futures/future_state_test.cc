#include "futures/future_state.h"

#include <gtest/gtest.h>

namespace bulkhead {
namespace {

using detail::Deadline;
using detail::FutureState;

/// Completes the task after so many looks at the condition; cancels when asked.
class FakeDriver : public detail::Driver {
 public:
  bool drive_until(const std::function<bool()>& done, Deadline deadline) override {
    last_deadline = deadline;
    if (!done() && on_drive) {
      on_drive();
    }
    return done();
  }
  void cancel(std::uint64_t task) override {
    cancelled = task;
    if (on_cancel) {
      on_cancel();
    }
  }

  std::function<void()> on_drive;
  std::function<void()> on_cancel;
  Deadline last_deadline;
  std::optional<std::uint64_t> cancelled;
};

struct FutureTest : testing::Test {
  template <class T>
  void complete_with(const T& value) {
    Bytes bytes;
    Encoder out(bytes);
    out(value);
    state->complete(std::move(bytes));
  }
  void fail_with(FailureKind kind) { state->complete(Unexpected(Failure{.kind = kind})); }

  std::shared_ptr<FakeDriver> driver = std::make_shared<FakeDriver>();
  std::shared_ptr<FutureState> state = std::make_shared<FutureState>(driver, 42);
  Future<int> future{state};
};

TEST_F(FutureTest, IsPendingUntilItIsCompleted) {
  EXPECT_FALSE(future.done());
  complete_with(7);
  EXPECT_TRUE(future.done());
  EXPECT_FALSE(future.cancelled());
}

TEST_F(FutureTest, GivesItsValueAgainAndAgain) {
  complete_with(7);
  EXPECT_EQ(future.get(), 7);
  EXPECT_EQ(future.get(), 7);
  EXPECT_EQ(*future.outcome(), 7);
}

TEST_F(FutureTest, WaitingDrivesTheExecutor) {
  driver->on_drive = [this] { complete_with(8); };
  EXPECT_EQ(future.get(), 8);
  EXPECT_EQ(driver->last_deadline, std::nullopt);
}

TEST_F(FutureTest, WaitForEndsAtItsLimit) {
  const auto before = std::chrono::steady_clock::now();
  EXPECT_FALSE(future.wait_for(std::chrono::hours(1)));
  ASSERT_TRUE(driver->last_deadline);
  EXPECT_GE(*driver->last_deadline, before + std::chrono::hours(1));
}

TEST_F(FutureTest, WaitForTheLongestTimeThereIsDoesNotEndInThePast) {
  future.wait_for(std::chrono::nanoseconds::max());
  EXPECT_TRUE(!driver->last_deadline || *driver->last_deadline > std::chrono::steady_clock::now());
}

TEST_F(FutureTest, GetWithALimitThrowsATimeoutErrorAndTheTaskGoesOn) {
  EXPECT_THROW(future.get(std::chrono::milliseconds(5)), TimeoutError);
  complete_with(9);
  EXPECT_EQ(future.get(std::chrono::milliseconds(5)), 9);
}

TEST_F(FutureTest, FailureIsThrownByGetAndAValueOfOutcome) {
  fail_with(FailureKind::Crashed);
  EXPECT_THROW(future.get(), WorkerCrashed);
  EXPECT_EQ(future.outcome().error().kind, FailureKind::Crashed);
}

TEST_F(FutureTest, BytesThatAreNoValueAreASerializationFailure) {
  state->complete(Bytes(3));
  EXPECT_EQ(future.outcome().error().kind, FailureKind::Serialization);
  EXPECT_THROW(future.get(), SerializationError);
}

TEST_F(FutureTest, CancelAsksTheExecutor) {
  driver->on_cancel = [this] { fail_with(FailureKind::Cancelled); };
  EXPECT_TRUE(future.cancel());
  EXPECT_EQ(driver->cancelled, 42U);
  EXPECT_TRUE(future.cancelled());
  EXPECT_THROW(future.get(), CancelledError);
}

TEST_F(FutureTest, CancelThatComesTooLateSaysSo) {
  EXPECT_FALSE(future.cancel());
  complete_with(1);
  EXPECT_FALSE(future.cancel());
  EXPECT_EQ(future.get(), 1);
}

TEST_F(FutureTest, OutlivesItsExecutor) {
  complete_with(5);
  driver.reset();
  EXPECT_EQ(future.get(), 5);
  EXPECT_FALSE(future.cancel());
}

TEST_F(FutureTest, TaskWithoutAResultHasAFutureOfVoid) {
  const Future<void> nothing(state);
  state->complete(Bytes());
  nothing.get();
  EXPECT_TRUE(nothing.outcome().has_value());
}

TEST_F(FutureTest, CopiesShareOneState) {
  const Future<int> copy = future;
  complete_with(3);
  EXPECT_EQ(copy.get(), 3);
}

}  // namespace
}  // namespace bulkhead
