// Exceptions of tasks: what arrives of them, and what fails when values themselves throw.

#include <algorithm>
#include <exception>
#include <filesystem>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <bulkhead/bulkhead.h>

#include "pool_test.h"
#include "victims.h"

namespace bulkhead {

struct OutOfStock : std::runtime_error {
  OutOfStock() : std::runtime_error("out of stock") {}
  OutOfStock(std::string what, int how_many)
      : std::runtime_error("out of stock"), article(std::move(what)), missing(how_many) {}
  template <class Archive>
  void serialize(Archive& archive) {
    archive(article, missing);
  }
  std::string article;
  int missing = 0;
};

struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// No std::exception, and cannot be made without a number.
struct Code {
  explicit Code(int of) : number(of) {}
  int number;
};

/// Cannot be told over the wire at all.
struct Unspeakable : std::exception {
  Unspeakable() = default;
  template <class Archive>
  void serialize(Archive&) {
    throw std::logic_error("this cannot be told");
  }
  const char* what() const noexcept override { return "unspeakable"; }
};

namespace {

const ExceptionTypes<OutOfStock, Refused, Code, Unspeakable> kExceptions;

class PoolException : public PoolTest {};

/// What get() throws, seen as an E; fails the test if it is none.
template <class E, class T>
std::optional<E> caught(const Future<T>& future) {
  try {
    (void)future.get();
  } catch (const E& error) {
    return error;
  } catch (const std::exception& other) {
    ADD_FAILURE() << "thrown was another exception: " << other.what();
  } catch (...) {
    ADD_FAILURE() << "thrown was something else";
  }
  return std::nullopt;
}

int run_out_of(const std::string& article) {
  throw OutOfStock(article, 3);
}
int refuse() {
  throw Refused("not today");
}
int throw_code(int number) {
  throw Code(number);
}
int throw_unspeakable() {
  throw Unspeakable();
}

TEST_P(PoolException, OfARegisteredTypeArrivesWithItsFields) {
  ProcessPoolExecutor executor(options());
  const auto error = caught<Remote<OutOfStock>>(executor.submit(run_out_of, "shoes"));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->article, "shoes");
  EXPECT_EQ(error->missing, 3);
  EXPECT_GT(error->failure.pid, 0);
}

TEST_P(PoolException, OfARegisteredTypeWithOnlyATextArrivesWithIt) {
  ProcessPoolExecutor executor(options());
  const auto error = caught<Refused>(executor.submit(refuse));
  ASSERT_TRUE(error);
  EXPECT_STREQ(error->what(), "not today");
}

TEST_P(PoolException, OfARegisteredTypeNeedNotBeAStdException) {
  ProcessPoolExecutor executor(options());
  const auto error = caught<Code>(executor.submit(throw_code, 42));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->number, 42);
}

TEST_P(PoolException, ThatCannotBeEncodedFailsItsTaskAloneAndIsToldByItsName) {
  ProcessPoolExecutor executor(options());
  const auto failed = executor.submit(throw_unspeakable);
  const auto error = caught<RemoteException>(failed);
  ASSERT_TRUE(error);
  EXPECT_STREQ(error->what(), "bulkhead::Unspeakable: unspeakable");
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
}

int open_a_file_that_is_not_there() {
  std::filesystem::copy_file("/does/not/exist", "/neither");
  return 0;
}

TEST_P(PoolException, OfTheFileSystemKeepsItsPathsItsCodeAndItsMessage) {
  ProcessPoolExecutor executor(options());
  const auto error = caught<Remote<std::filesystem::filesystem_error>>(
      executor.submit(open_a_file_that_is_not_there));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->path1(), "/does/not/exist");
  EXPECT_EQ(error->path2(), "/neither");
  EXPECT_EQ(error->code(), std::errc::no_such_file_or_directory);
  EXPECT_EQ(std::string(error->what()), error->failure.exceptions.front().message);
}

TEST_P(PoolException, HasTheExceptionsThatWereNestedInItNestedInItAgain) {
  ProcessPoolExecutor executor(options());
  try {
    (void)executor.submit(victims::throw_nested).get();
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& outer) {
    EXPECT_STREQ(outer.what(), "cannot read the table");
    try {
      std::rethrow_if_nested(outer);
      FAIL() << "nothing is nested";
    } catch (const Remote<std::out_of_range>& inner) {
      EXPECT_STREQ(inner.what(), "row 7");
      EXPECT_EQ(inner.failure.exceptions.size(), 1U);
    }
  }
}

TEST_P(PoolException, ThrownAgainWhileAnotherIsHandledHasNothingNestedInIt) {
  ProcessPoolExecutor executor(options());
  const auto future = executor.submit(victims::throw_invalid_argument, 1);
  try {
    throw std::logic_error("something else");
  } catch (const std::exception&) {
    const auto error = caught<std::invalid_argument>(future);
    ASSERT_TRUE(error);
    EXPECT_NO_THROW(std::rethrow_if_nested(*error));
  }
}

bool names(const std::vector<StackFrame>& stack, const std::string& function) {
  return std::ranges::any_of(stack, [&](const StackFrame& frame) {
    return frame.function.find(function) != std::string::npos;
  });
}

int call_something_that_throws(int x) {
  return victims::throw_invalid_argument(x) + 1;
}

TEST_P(PoolException, TellsWhereItWasThrown) {
  ProcessPoolExecutor executor(options());
  const auto failure = executor.submit(call_something_that_throws, 7).outcome().error();
  const auto stack = failure.stack();
  ASSERT_FALSE(stack.empty());
  EXPECT_NE(stack.front().function.find("victims::throw_invalid_argument"), std::string::npos)
      << failure.report();
  EXPECT_TRUE(names(stack, "call_something_that_throws")) << failure.report();
  EXPECT_FALSE(names(stack, "run_call")) << failure.report();
}

int catch_one_and_throw_another(int x) {
  try {
    return victims::throw_invalid_argument(x);
  } catch (const std::exception&) {
    return victims::throw_system_error();
  }
}

TEST_P(PoolException, TellsWhereItWasThrownThoughAnotherWasCaughtBefore) {
  ProcessPoolExecutor executor(options());
  const auto failure = executor.submit(catch_one_and_throw_another, 7).outcome().error();
  const auto stack = failure.stack();
  EXPECT_TRUE(names(stack, "throw_system_error")) << failure.report();
  EXPECT_FALSE(names(stack, "throw_invalid_argument")) << failure.report();
}

int throw_one_of_the_pools(int which) {
  if (which == 0) {
    throw TimeoutError(Failure{.kind = FailureKind::TimedOut});
  }
  if (which == 1) {
    throw CancelledError(Failure{.kind = FailureKind::Cancelled});
  }
  throw SerializationError("of my own");
}

TEST_P(PoolException, OfTheLibrarysOwnTypesThrownByATaskIsTheTasks) {
  ProcessPoolExecutor executor(options());
  for (const int which : {0, 1, 2}) {
    const auto failed = executor.submit(throw_one_of_the_pools, which);
    EXPECT_EQ(failed.outcome().error().kind, FailureKind::Exception);
    EXPECT_TRUE(caught<RemoteException>(failed));
    EXPECT_FALSE(failed.cancelled());
  }
}

// ---- values that throw

/// Throws where it is told to: while it is encoded or decoded, here or in the worker.
struct Moody {
  enum class When : std::uint8_t { Never, Encoded, Decoded };
  When when = When::Never;
  int home = 0;  ///< the process in which nothing happens; 0: none

  template <class Archive>
  void serialize(Archive& archive) {
    archive(when, home);
    const bool encodes = std::same_as<Archive, Encoder>;
    if (home != ::getpid() && when == (encodes ? When::Encoded : When::Decoded)) {
      throw std::domain_error(encodes ? "not encoded" : "not decoded");
    }
  }
};

Moody pass(Moody moody) {
  return moody;
}
int take(Moody) {
  return 1;
}
Moody make(Moody::When when) {
  return {.when = when, .home = when == Moody::When::Decoded ? ::getpid() : 0};
}

TEST_P(PoolException, WhileAnArgumentIsEncodedIsThrownBySubmitAndNothingElseHappens) {
  ProcessPoolExecutor executor(options());
  EXPECT_THROW((void)executor.submit(take, Moody{.when = Moody::When::Encoded}), std::domain_error);
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
}

TEST_P(PoolException, WhileAnArgumentIsDecodedFailsItsTaskAloneAndTellsThePhase) {
  ProcessPoolExecutor executor(options());
  const auto failed =
      executor.submit(take, Moody{.when = Moody::When::Decoded, .home = ::getpid()});
  EXPECT_EQ(failed.outcome().error().phase, TaskPhase::Decode);
  EXPECT_TRUE(caught<Remote<std::domain_error>>(failed));
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
}

TEST_P(PoolException, WhileAResultIsEncodedFailsItsTaskAloneAndTellsThePhase) {
  ProcessPoolExecutor executor(options());
  const auto failed = executor.submit(make, Moody::When::Encoded);
  EXPECT_EQ(failed.outcome().error().phase, TaskPhase::Encode);
  EXPECT_TRUE(caught<Remote<std::domain_error>>(failed));
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
}

TEST_P(PoolException, WhileAResultIsDecodedFailsItsTaskAlone) {
  ProcessPoolExecutor executor(options());
  const auto failed = executor.submit(make, Moody::When::Decoded);
  ASSERT_FALSE(failed.outcome().has_value());
  EXPECT_TRUE(caught<std::domain_error>(failed));  // Thrown here, so that it is no Remote.
  EXPECT_EQ(executor.submit(pass, Moody{}).get().when, Moody::When::Never);
}

Moody make_every_third_undecodable(int x) {
  return make(x % 3 == 0 ? Moody::When::Decoded : Moody::When::Never);
}

TEST_P(PoolException, WhileResultsOfAMapAreDecodedFailsTheirItemsAloneWithTheirIndex) {
  ProcessPoolExecutor executor(options());
  auto results = executor.map(make_every_third_undecodable, std::views::iota(0, 30));
  std::uint64_t index = 0;
  for (const auto& outcome : results.outcomes()) {
    EXPECT_EQ(outcome.has_value(), index % 3 != 0);
    if (!outcome) {
      EXPECT_EQ(outcome.error().index, index);
    }
    ++index;
  }
  EXPECT_EQ(index, 30U);
}

TEST_P(PoolException, OfAHundredArgumentsAmongAHundredGoodOnesFailsOnlyThose) {
  ProcessPoolExecutor executor(options());
  std::vector<Future<int>> futures;
  for (int i = 0; i < 200; ++i) {
    const auto when = i % 2 == 0 ? Moody::When::Never : Moody::When::Decoded;
    futures.push_back(executor.submit(take, Moody{.when = when, .home = ::getpid()}));
  }
  for (std::size_t i = 0; i < futures.size(); ++i) {
    EXPECT_EQ(futures[i].outcome().has_value(), i % 2 == 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Pools, PoolException, two_pools(), name_of_kind);

}  // namespace
}  // namespace bulkhead
