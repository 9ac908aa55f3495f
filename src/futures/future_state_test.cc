#include "futures/future_state.h"

#include <sstream>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "futures/fake_task.h"

namespace bulkhead {
namespace {

struct FutureTest : testing::Test {
  std::shared_ptr<FakeDriver> driver = std::make_shared<FakeDriver>();
  FakeTask<int> task{driver, 42};
  Future<int> future = task.future();
};

TEST_F(FutureTest, IsPendingUntilItIsCompleted) {
  EXPECT_FALSE(future.done());
  task.complete(7);
  EXPECT_TRUE(future.done());
  EXPECT_FALSE(future.cancelled());
}

TEST_F(FutureTest, KillOfATaskThatIsOverAsksNobody) {
  task.complete(7);
  EXPECT_FALSE(future.kill());
  EXPECT_EQ(driver->cancelled, std::nullopt);
}

TEST_F(FutureTest, KillIsRefusedOnlyIfTheTaskEndedOtherwise) {
  EXPECT_TRUE(future.kill());
  EXPECT_EQ(driver->cancelled, 42U);
  driver->on_cancel = [this] { task.complete(7); };
  EXPECT_FALSE(future.kill());
}

TEST_F(FutureTest, GivesItsValueAgainAndAgain) {
  task.complete(7);
  EXPECT_EQ(future.get(), 7);
  EXPECT_EQ(future.get(), 7);
  EXPECT_EQ(*future.outcome(), 7);
}

TEST_F(FutureTest, WaitingDrivesTheExecutor) {
  driver->on_drive = [this] { task.complete(8); };
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
  task.complete(9);
  EXPECT_EQ(future.get(std::chrono::milliseconds(5)), 9);
}

TEST_F(FutureTest, FailureIsThrownByGetAndAValueOfOutcome) {
  task.fail(FailureKind::Crashed);
  EXPECT_THROW(future.get(), WorkerCrashed);
  EXPECT_EQ(future.outcome().error().kind, FailureKind::Crashed);
}

TEST_F(FutureTest, BytesThatAreNoValueAreASerializationFailure) {
  task.end(Bytes(3));
  EXPECT_EQ(future.outcome().error().kind, FailureKind::Serialization);
  EXPECT_THROW(future.get(), SerializationError);
}

TEST_F(FutureTest, CancelAsksTheExecutor) {
  driver->on_cancel = [this] { task.fail(FailureKind::Cancelled); };
  EXPECT_TRUE(future.cancel());
  EXPECT_EQ(driver->cancelled, 42U);
  EXPECT_TRUE(future.cancelled());
  EXPECT_THROW(future.get(), CancelledError);
}

TEST_F(FutureTest, CancelThatComesTooLateSaysSo) {
  EXPECT_FALSE(future.cancel());
  task.complete(1);
  EXPECT_FALSE(future.cancel());
  EXPECT_EQ(future.get(), 1);
}

TEST_F(FutureTest, OutlivesItsExecutor) {
  task.complete(5);
  driver.reset();
  EXPECT_EQ(future.get(), 5);
  EXPECT_FALSE(future.cancel());
}

TEST_F(FutureTest, TaskWithoutAResultHasAFutureOfVoid) {
  const FakeTask<void> without_result{driver};
  const Future<void> nothing = without_result.future();
  without_result.end(Bytes());
  nothing.get();
  EXPECT_TRUE(nothing.outcome().has_value());
}

TEST_F(FutureTest, CopiesShareOneState) {
  const Future<int> copy = future;
  task.complete(3);
  EXPECT_EQ(copy.get(), 3);
}

TEST_F(FutureTest, CopiesAreEqualAndOtherFuturesAreNot) {
  const Future<int> copy = future;
  EXPECT_EQ(copy, future);
  EXPECT_NE(FakeTask<int>(driver).future(), future);
}

TEST_F(FutureTest, ExceptionIsNullForAValue) {
  task.complete(3);
  EXPECT_EQ(future.exception(), nullptr);
}

TEST_F(FutureTest, ExceptionIsWhatGetWouldThrow) {
  task.fail(FailureKind::Crashed);
  EXPECT_THROW(std::rethrow_exception(future.exception()), WorkerCrashed);
}

TEST_F(FutureTest, ExceptionOfACancelledTaskIsACancelledError) {
  task.fail(FailureKind::Cancelled);
  EXPECT_THROW(std::rethrow_exception(future.exception(std::chrono::nanoseconds(0))),
               CancelledError);
}

TEST_F(FutureTest, ExceptionOfBytesThatAreNoValueIsASerializationError) {
  task.end(Bytes(3));
  EXPECT_THROW(std::rethrow_exception(future.exception()), SerializationError);
}

TEST_F(FutureTest, ExceptionWithALimitThrowsATimeoutErrorWhileTheTaskIsPending) {
  EXPECT_THROW((void)future.exception(std::chrono::nanoseconds(0)), TimeoutError);
}

TEST_F(FutureTest, AFailureWithoutAnyTextIsStillAFailure) {
  task.fail(Failure{.kind = FailureKind::Exception, .exceptions = {{"std::runtime_error", ""}}});
  EXPECT_THROW(future.get(), std::runtime_error);
  EXPECT_FALSE(future.outcome().has_value());
}

TEST_F(FutureTest, PrintsItsStateAndTheTypeOrTheFailure) {
  auto printed = [](const auto& any) {
    std::ostringstream out;
    out << any;
    return out.str();
  };
  EXPECT_EQ(printed(future), "<Future pending>");
  task.complete(1);
  EXPECT_EQ(printed(future), "<Future finished: int>");
  const FakeTask<std::string> cancelled{driver};
  cancelled.fail(FailureKind::Cancelled);
  EXPECT_EQ(printed(cancelled.future()), "<Future cancelled>");
  const FakeTask<void> crashed{driver};
  crashed.fail(Failure{.kind = FailureKind::Crashed, .signal = 11, .pid = 4711});
  EXPECT_EQ(printed(crashed.future()), "<Future failed: killed by SIGSEGV (worker 4711)>");
}

TEST_F(FutureTest, ManyThreadsSeeOneWholeResult) {
  std::vector<std::jthread> readers;
  std::atomic<int> right = 0;
  for (int i = 0; i < 8; ++i) {
    readers.emplace_back([this, &right] {
      while (!future.done()) {
        std::this_thread::yield();
      }
      right += future.get() == 7 && future.outcome().has_value() ? 1 : 0;
    });
  }
  task.complete(7);
  readers.clear();
  EXPECT_EQ(right, 8);
}

#ifndef NDEBUG
TEST_F(FutureTest, CompletingItTwiceBreaksAPromiseOfOurOwn) {
  task.complete(1);
  EXPECT_DEATH(task.complete(2), "a future is completed once");
}
#endif

}  // namespace
}  // namespace bulkhead
