#include <new>
#include <stdexcept>
#include <system_error>

#include <gtest/gtest.h>

#include <bulkhead/error.h>

namespace bulkhead {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string message(Failure failure) {
  return failure.message();
}

Failure thrown(RemoteWhat what) {
  return {.kind = FailureKind::Exception, .exceptions = {std::move(what)}, .pid = 4711};
}

TEST(FailureMessageTest, ExceptionIsItsTypeAndItsText) {
  EXPECT_EQ(message(thrown({.type = "std::invalid_argument", .message = "not a number"})),
            "std::invalid_argument: not a number");
}

TEST(FailureMessageTest, NestedExceptionsAreReasons) {
  EXPECT_EQ(message({.kind = FailureKind::Exception,
                     .exceptions = {{.type = "A", .message = "outer"},
                                    {.type = "B", .message = "middle"},
                                    {.type = "C", .message = "inner"}}}),
            "A: outer; because B: middle; because C: inner");
}

TEST(FailureMessageTest, CrashIsTheNameOfItsSignalAndTheWorker) {
  EXPECT_EQ(message({.kind = FailureKind::Crashed, .signal = 11, .pid = 4711}),
            "killed by SIGSEGV (worker 4711)");
}

TEST(FailureMessageTest, SignalWithoutANameIsANumber) {
  EXPECT_EQ(message({.kind = FailureKind::Crashed, .signal = 40}), "killed by signal 40");
}

TEST(FailureMessageTest, ExitIsItsStatus) {
  EXPECT_EQ(message({.kind = FailureKind::Exited, .exit_status = 42, .pid = 7}),
            "exited with status 42 (worker 7)");
}

TEST(FailureMessageTest, TimeoutIsItsLimitInItsUnit) {
  EXPECT_EQ(message({.kind = FailureKind::TimedOut, .limit = seconds(2)}), "timed out after 2 s");
  EXPECT_EQ(message({.kind = FailureKind::TimedOut, .limit = milliseconds(2500)}),
            "timed out after 2.5 s");
  EXPECT_EQ(message({.kind = FailureKind::TimedOut, .limit = milliseconds(200)}),
            "timed out after 200 ms");
  EXPECT_EQ(message({.kind = FailureKind::TimedOut, .limit = milliseconds(0)}),
            "timed out after 0 ms");
}

TEST(FailureMessageTest, CancelledIsOneWord) {
  EXPECT_EQ(message({.kind = FailureKind::Cancelled, .pid = 7}), "cancelled");
}

TEST(FailureMessageTest, SerializationTellsItsReason) {
  EXPECT_EQ(message({.kind = FailureKind::Serialization, .detail = "too long"}),
            "cannot be carried between processes: too long");
}

TEST(FailureMessageTest, BrokenTellsItsReason) {
  EXPECT_EQ(message({.kind = FailureKind::Broken, .detail = "a worker exited with status 1"}),
            "no worker process can be kept alive: a worker exited with status 1");
}

/// What raise() throws, seen as an E; fails the test if it is none.
template <class E>
E caught(const Failure& failure) {
  try {
    failure.raise();
  } catch (const E& error) {
    return error;
  } catch (const std::exception& other) {
    ADD_FAILURE() << "thrown was another exception: " << other.what();
  }
  throw std::logic_error("raise() threw something else");
}

TEST(FailureRaiseTest, EachKindHasItsType) {
  EXPECT_EQ(caught<WorkerCrashed>({.kind = FailureKind::Crashed, .signal = 6}).failure.signal, 6);
  EXPECT_EQ(
      caught<WorkerExited>({.kind = FailureKind::Exited, .exit_status = 3}).failure.exit_status, 3);
  EXPECT_EQ(
      caught<TimeoutError>({.kind = FailureKind::TimedOut, .limit = seconds(1)}).failure.limit,
      seconds(1));
  caught<CancelledError>({.kind = FailureKind::Cancelled});
  caught<SerializationError>({.kind = FailureKind::Serialization});
  caught<BrokenProcessPool>({.kind = FailureKind::Broken});
}

TEST(FailureRaiseTest, EachKindSaysItsMessage) {
  const Failure failure{.kind = FailureKind::Crashed, .signal = 11, .pid = 5};
  EXPECT_EQ(caught<TaskError>(failure).what(), failure.message());
}

struct Known {
  const char* type;
  void (*is_caught)(const Failure&);
};
void PrintTo(const Known& known, std::ostream* out) {
  *out << known.type;
}

template <class E>
void is_caught(const Failure& failure) {
  EXPECT_STREQ(caught<E>(failure).what(), "why");
  EXPECT_STREQ(caught<Remote<E>>(failure).what(), "why");
  EXPECT_EQ(caught<Remote<E>>(failure).failure.pid, 4711);
}

class KnownExceptionTest : public testing::TestWithParam<Known> {};

TEST_P(KnownExceptionTest, IsCaughtAsItself) {
  GetParam().is_caught(thrown({.type = GetParam().type, .message = "why"}));
}

INSTANTIATE_TEST_SUITE_P(
    Standard, KnownExceptionTest,
    testing::Values(Known{"std::logic_error", is_caught<std::logic_error>},
                    Known{"std::invalid_argument", is_caught<std::invalid_argument>},
                    Known{"std::domain_error", is_caught<std::domain_error>},
                    Known{"std::length_error", is_caught<std::length_error>},
                    Known{"std::out_of_range", is_caught<std::out_of_range>},
                    Known{"std::runtime_error", is_caught<std::runtime_error>},
                    Known{"std::range_error", is_caught<std::range_error>},
                    Known{"std::overflow_error", is_caught<std::overflow_error>},
                    Known{"std::underflow_error", is_caught<std::underflow_error>}));

TEST(FailureRaiseTest, InvalidArgumentIsCaughtAsItsBases) {
  const auto failure = thrown({.type = "std::invalid_argument", .message = "why"});
  EXPECT_THROW(failure.raise(), std::logic_error);
  EXPECT_THROW(failure.raise(), std::exception);
}

TEST(FailureRaiseTest, BadAllocIsCaughtAsItself) {
  const auto failure = thrown({.type = "std::bad_alloc", .message = "std::bad_alloc"});
  EXPECT_EQ(caught<Remote<std::bad_alloc>>(failure).failure.pid, 4711);
  EXPECT_THROW(failure.raise(), std::bad_alloc);
}

TEST(FailureRaiseTest, UnknownTypeIsARemoteException) {
  const auto failure = thrown({.type = "shop::OutOfStock", .message = "no shoes"});
  EXPECT_STREQ(caught<RemoteException>(failure).what(), "shop::OutOfStock: no shoes");
}

TEST(FailureRaiseTest, ExceptionThatSaysNothingIsARemoteException) {
  EXPECT_THROW(Failure{.kind = FailureKind::Exception}.raise(), RemoteException);
}

Failure described(const std::system_error& error) {
  return thrown({.type = "std::system_error",
                 .message = error.what(),
                 .code = error.code().value(),
                 .category = error.code().category().name()});
}

TEST(FailureRaiseTest, SystemErrorKeepsItsCodeAndItsMessage) {
  for (const auto* category : {&std::generic_category(), &std::system_category()}) {
    const std::system_error original(std::error_code(ENOENT, *category), "open a.jpg");
    const auto rebuilt = caught<Remote<std::system_error>>(described(original));
    EXPECT_EQ(rebuilt.code(), original.code());
    EXPECT_STREQ(rebuilt.what(), original.what());
    EXPECT_EQ(rebuilt.failure.pid, 4711);
  }
}

TEST(FailureRaiseTest, SystemErrorWithoutAMessageSaysItsCodeOnce) {
  const std::system_error original(std::make_error_code(std::errc::permission_denied));
  EXPECT_STREQ(caught<std::system_error>(described(original)).what(), original.what());
}

TEST(FailureRaiseTest, SystemErrorWithAnEmptyMessageSaysTheSame) {
  const std::system_error original(std::make_error_code(std::errc::permission_denied), "");
  EXPECT_STREQ(caught<std::system_error>(described(original)).what(), original.what());
}

// A code means nothing without its category: 2 would become "no such file".
TEST(FailureRaiseTest, SystemErrorOfAnUnknownCategoryIsARemoteException) {
  const auto failure = thrown(
      {.type = "std::system_error", .message = "buy: sold out", .code = 2, .category = "shop"});
  EXPECT_STREQ(caught<RemoteException>(failure).what(), "std::system_error: buy: sold out");
}

}  // namespace
}  // namespace bulkhead
