#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <bulkhead/bulkhead.h>

#include "victims.h"

/// What every executor must do. A back end passes it by one line:
/// `INSTANTIATE_TYPED_TEST_SUITE_P(Name, ExecutorContract, Type)`; the type makes an executor.
namespace bulkhead {

/// A user's own struct, sent without a line of code.
struct Photo {
  std::filesystem::path path;
  std::optional<int> rating;
  std::map<std::string, std::vector<double>> curves;
  std::variant<int, std::string> tag;
  int size[2] = {0, 0};

  friend bool operator==(const Photo& a, const Photo& b) {
    return a.path == b.path && a.rating == b.rating && a.curves == b.curves && a.tag == b.tag &&
           a.size[0] == b.size[0] && a.size[1] == b.size[1];
  }
};

/// A class that hides its members and says how it travels.
class Account {
 public:
  Account() = default;
  explicit Account(std::string owner) : owner_(std::move(owner)) {}
  const std::string& owner() const { return owner_; }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(owner_);
  }

 private:
  std::string owner_;
};

inline Photo rotated(Photo photo) {
  std::swap(photo.size[0], photo.size[1]);
  photo.rating = photo.rating.value_or(0) + 1;
  return photo;
}
inline std::size_t length_of(std::string_view text) {
  return text.size();
}
inline long sum(const std::vector<int>& numbers) {
  long total = 0;
  for (const int number : numbers) {
    total += number;
  }
  return total;
}
inline void do_nothing(int) {}
inline int throw_at_three(int x) {
  return x == 3 ? victims::throw_invalid_argument(x) : victims::square(x);
}

template <class Maker>
class ExecutorContract : public ::testing::Test {
 protected:
  using Type = typename Maker::Type;
  Type executor_ = Maker::make();
};

TYPED_TEST_SUITE_P(ExecutorContract);

TYPED_TEST_P(ExecutorContract, SubmitGivesTheResultOfTheCall) {
  EXPECT_EQ(this->executor_.submit(victims::square, 12).get(), 144);
}

TYPED_TEST_P(ExecutorContract, AFutureMayBeAskedAgain) {
  const auto future = this->executor_.submit(victims::square, 5);
  EXPECT_EQ(future.get(), 25);
  EXPECT_EQ(future.get(), 25);
  EXPECT_TRUE(future.done());
  EXPECT_FALSE(future.cancelled());
}

TYPED_TEST_P(ExecutorContract, AFunctionWithoutResultGivesAFutureOfVoid) {
  const Future<void> future = this->executor_.submit(do_nothing, 1);
  future.get();
  EXPECT_TRUE(future.outcome().has_value());
}

TYPED_TEST_P(ExecutorContract, LambdasTravelWithWhatTheyCapturedByValue) {
  const int factor = 3;
  const double offset = 0.5;
  auto scale = [factor, offset](int x) { return factor * x + offset; };
  EXPECT_EQ(this->executor_.submit(scale, 7).get(), 21.5);
}

TYPED_TEST_P(ExecutorContract, ACaptureOfTheCallersStackIsRefused) {
  int local = 1;
  EXPECT_THROW((void)this->executor_.submit([&local] { return local; }), UnsafeCapture);
}

TYPED_TEST_P(ExecutorContract, StructsTravelWithoutALineOfCode) {
  const Photo photo{"a b/ü.jpg", std::nullopt, {{"red", {0.5, 1}}}, std::string("sea"), {3, 2}};
  const Photo expected{"a b/ü.jpg", 1, {{"red", {0.5, 1}}}, std::string("sea"), {2, 3}};
  EXPECT_EQ(this->executor_.submit(rotated, photo).get(), expected);
}

TYPED_TEST_P(ExecutorContract, ClassesTravelAsTheirSerializeMemberSays) {
  auto rename = [](const Account& account) { return Account(account.owner() + " & Co"); };
  EXPECT_EQ(this->executor_.submit(rename, Account("Smith")).get().owner(), "Smith & Co");
}

TYPED_TEST_P(ExecutorContract, TextAndSpansArePassedAsOwners) {
  const std::vector<int> numbers{1, 2, 3};
  EXPECT_EQ(this->executor_.submit(length_of, "four").get(), 4U);
  EXPECT_EQ(this->executor_.submit(length_of, std::string_view("sixsix")).get(), 6U);
  EXPECT_EQ(this->executor_.submit(sum, std::span<const int>(numbers)).get(), 6);
}

TYPED_TEST_P(ExecutorContract, ArgumentsLargerThanAnyBufferArriveWhole) {
  const std::string large(3'000'000, 'x');
  auto echo = [](std::string text) { return text + "y"; };
  EXPECT_EQ(this->executor_.submit(echo, large).get(), large + "y");
}

TYPED_TEST_P(ExecutorContract, AStandardExceptionComesBackAsItself) {
  const auto future = this->executor_.submit(victims::throw_invalid_argument, 7);
  try {
    future.get();
    FAIL() << "no exception";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "no 7 here");
    EXPECT_NE(dynamic_cast<const Remote<std::invalid_argument>*>(&error), nullptr);
  }
}

TYPED_TEST_P(ExecutorContract, ASystemErrorKeepsItsCodeAndText) {
  try {
    this->executor_.submit(victims::throw_system_error).get();
    FAIL() << "no exception";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::make_error_code(std::errc::no_such_file_or_directory));
    EXPECT_STREQ(error.what(), "open a.jpg: No such file or directory");
  }
}

TYPED_TEST_P(ExecutorContract, AnUnknownExceptionTellsItsTypeAndMessage) {
  const auto own = this->executor_.submit(victims::throw_own_error);
  EXPECT_THROW(own.get(), RemoteException);
  EXPECT_EQ(own.outcome().error().message(), "bulkhead::victims::OwnError: the user's own");
  EXPECT_EQ(this->executor_.submit(victims::throw_number).outcome().error().exceptions[0].type,
            "int");
}

TYPED_TEST_P(ExecutorContract, NestedExceptionsTellTheirWholeChain) {
  const auto outcome = this->executor_.submit(victims::throw_nested).outcome();
  EXPECT_EQ(outcome.error().message(),
            "std::runtime_error: cannot read the table; because std::out_of_range: row 7");
}

TYPED_TEST_P(ExecutorContract, AnExceptionDoesNotTouchLaterTasks) {
  EXPECT_THROW(this->executor_.submit(victims::throw_invalid_argument, 1).get(),
               std::invalid_argument);
  EXPECT_EQ(this->executor_.submit(victims::square, 3).get(), 9);
}

TYPED_TEST_P(ExecutorContract, NegativeTimesAreRefused) {
  constexpr auto kNegative = std::chrono::nanoseconds(-1);
  const auto expect_refused = [this](const TaskOptions& options) {
    EXPECT_THROW((void)this->executor_.submit(options, victims::square, 1), std::invalid_argument);
    EXPECT_THROW((void)this->executor_.map({.each = options}, victims::square, std::vector{1}),
                 std::invalid_argument);
  };
  expect_refused({.timeout = kNegative});
  expect_refused({.grace = kNegative});
  expect_refused({.retry_delay = kNegative});
  expect_refused({.relative_timeout = -1});
  EXPECT_THROW((void)this->executor_.map({.timeout = kNegative}, victims::square, std::vector{1}),
               std::invalid_argument);
}

TYPED_TEST_P(ExecutorContract, AFailureHasTheNameOfItsTask) {
  const auto alone = this->executor_.submit({.name = "alone"}, throw_at_three, 3).outcome();
  EXPECT_EQ(alone.error().message(), "alone: std::invalid_argument: no 3 here");
  for (const auto& item :
       this->executor_.map({.each = {.name = "item"}}, throw_at_three, std::vector{3}).outcomes()) {
    EXPECT_EQ(item.error().name, "item");
  }
}

TYPED_TEST_P(ExecutorContract, AFinishedTaskCannotBeCancelled) {
  const auto future = this->executor_.submit(victims::square, 2);
  future.wait();
  EXPECT_FALSE(future.cancel());
  EXPECT_EQ(future.get(), 4);
}

TYPED_TEST_P(ExecutorContract, NothingIsTakenAfterShutdown) {
  const auto before = this->executor_.submit(victims::square, 2);
  this->executor_.shutdown();
  this->executor_.shutdown({.cancel_futures = true});
  EXPECT_EQ(before.get(), 4);
  EXPECT_THROW((void)this->executor_.submit(victims::square, 3), ShutdownError);
  EXPECT_THROW((void)this->executor_.map(victims::square, std::vector{1}), ShutdownError);
}

REGISTER_TYPED_TEST_SUITE_P(ExecutorContract, SubmitGivesTheResultOfTheCall, AFutureMayBeAskedAgain,
                            AFunctionWithoutResultGivesAFutureOfVoid,
                            LambdasTravelWithWhatTheyCapturedByValue,
                            ACaptureOfTheCallersStackIsRefused, StructsTravelWithoutALineOfCode,
                            ClassesTravelAsTheirSerializeMemberSays, TextAndSpansArePassedAsOwners,
                            ArgumentsLargerThanAnyBufferArriveWhole,
                            AStandardExceptionComesBackAsItself, ASystemErrorKeepsItsCodeAndText,
                            AnUnknownExceptionTellsItsTypeAndMessage,
                            NestedExceptionsTellTheirWholeChain, AnExceptionDoesNotTouchLaterTasks,
                            NegativeTimesAreRefused, AFailureHasTheNameOfItsTask,
                            AFinishedTaskCannotBeCancelled, NothingIsTakenAfterShutdown);

}  // namespace bulkhead
