#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
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

TYPED_TEST_P(ExecutorContract, MapGivesResultsInTheOrderOfTheInput) {
  std::vector<int> expected;
  for (int x = 0; x < 5000; ++x) {
    expected.push_back(victims::square(x));
  }
  EXPECT_EQ(this->executor_.map(victims::square, std::views::iota(0, 5000)).collect(), expected);
}

TYPED_TEST_P(ExecutorContract, MapOfNothingIsEmpty) {
  EXPECT_TRUE(this->executor_.map(victims::square, std::vector<int>()).collect().empty());
}

TYPED_TEST_P(ExecutorContract, MapReadsAnEndlessInputLazily) {
  int taken = 0;
  auto numbers = std::views::iota(0) | std::views::transform([&taken](int x) {
                   ++taken;
                   return x;
                 });
  std::vector<int> seen;
  for (const int result : this->executor_.map({.buffersize = 8}, victims::square, numbers)) {
    seen.push_back(result);
    if (seen.size() == 20) {
      break;
    }
  }
  EXPECT_EQ(seen.back(), 19 * 19);
  // Delivered 20, the one being looked at included; no more than the buffer beyond.
  EXPECT_LE(taken, 20 + 8);
}

TYPED_TEST_P(ExecutorContract, MapNeverTakesMoreThanItsWindow) {
  for (const int window : {1, 2, 7}) {
    int taken = 0;
    int delivered = 0;
    auto numbers = std::views::iota(0, 100) | std::views::transform([&taken](int x) {
                     ++taken;
                     return x;
                   });
    auto results = this->executor_.map({.buffersize = static_cast<std::size_t>(window)},
                                       victims::square, numbers);
    EXPECT_LE(taken, window);
    for (auto item = results.begin(); item != results.end(); ++item) {
      EXPECT_LE(taken - delivered, window);
      ++delivered;
    }
    EXPECT_EQ(delivered, 100);
  }
}

TYPED_TEST_P(ExecutorContract, MapRefusesAWindowOfNothing) {
  int taken = 0;
  auto numbers = std::views::iota(0) | std::views::transform([&taken](int x) {
                   ++taken;
                   return x;
                 });
  EXPECT_THROW((void)this->executor_.map({.buffersize = 0}, victims::square, numbers),
               std::invalid_argument);
  EXPECT_EQ(taken, 0);
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

TYPED_TEST_P(ExecutorContract, MapOfSeveralInputsEndsWithTheShortest) {
  auto multiply = [](int x, double y, const std::string& z) {
    return x * y + static_cast<double>(z.size());
  };
  const std::vector<double> halves{0.5, 1.5, 2.5};
  const std::vector<const char*> words{"a", "bb", "ccc", "dddd"};
  EXPECT_EQ(this->executor_.map(multiply, std::views::iota(1), halves, words).collect(),
            (std::vector{1.5, 5.0, 10.5}));
  EXPECT_TRUE(this->executor_.map(multiply, std::vector<int>(), halves, words).collect().empty());
}

TYPED_TEST_P(ExecutorContract, StarmapTakesAllArgumentsFromATuple) {
  auto repeat = [](const std::string& text, int times) {
    std::string result;
    for (; times > 0; --times) {
      result += text;
    }
    return result;
  };
  const std::vector<std::tuple<std::string, int>> calls{{"a", 2}, {"b", 1}, {"c", 0}};
  const std::vector<std::string> expected{"aa", "b", ""};
  EXPECT_EQ(this->executor_.starmap(repeat, calls).collect(), expected);
  const std::vector<std::pair<const char*, int>> pairs{{"a", 2}, {"b", 1}, {"c", 0}};
  EXPECT_EQ(this->executor_.starmap({.buffersize = 2}, repeat, pairs).collect(), expected);
}

TYPED_TEST_P(ExecutorContract, IndexedTellsWhichItemAnOutcomeIsOf) {
  for (const bool ordered : {true, false}) {
    auto results =
        this->executor_.map({.ordered = ordered}, throw_at_three, std::views::iota(0, 300));
    std::set<std::uint64_t> indices;
    for (const auto& [index, outcome] : results.indexed()) {
      EXPECT_EQ(outcome.has_value(), index != 3U);
      if (outcome) {
        EXPECT_EQ(*outcome, victims::square(static_cast<int>(index)));
      }
      indices.insert(index);
    }
    EXPECT_EQ(indices.size(), 300U);
  }
}

TYPED_TEST_P(ExecutorContract, AMapWhoseTimeIsOverThrowsAndHasEnded) {
  for (const bool ordered : {true, false}) {
    auto results = this->executor_.map({.timeout = std::chrono::nanoseconds(1), .ordered = ordered},
                                       victims::square, std::views::iota(0));
    EXPECT_THROW(results.collect(), TimeoutError);
    EXPECT_TRUE(results.collect().empty());
  }
}

TYPED_TEST_P(ExecutorContract, MapWithAWindowOfBytesGivesEverything) {
  auto text = [](int length) { return std::string(static_cast<std::size_t>(length), 'x'); };
  std::size_t bytes = 0;
  auto results = this->executor_.map({.buffer_bytes = 500}, text, std::views::iota(0, 200));
  for (const auto& value : results) {
    bytes += value.size();
  }
  EXPECT_EQ(bytes, 199U * 200 / 2);
}

TYPED_TEST_P(ExecutorContract, MapGoesOnBehindAnItemThatFailed) {
  auto results = this->executor_.map(throw_at_three, std::views::iota(0, 6));
  std::vector<int> values;
  std::vector<std::uint64_t> failed;
  for (const auto& outcome : results.outcomes()) {
    if (outcome) {
      values.push_back(*outcome);
    } else {
      failed.push_back(outcome.error().index.value());
    }
  }
  EXPECT_EQ(values, (std::vector{0, 1, 4, 16, 25}));
  EXPECT_EQ(failed, (std::vector<std::uint64_t>{3}));
}

TYPED_TEST_P(ExecutorContract, DereferencingAFailedItemThrowsAndTheNextOneIsThere) {
  auto results = this->executor_.map(throw_at_three, std::views::iota(2, 5));
  auto item = results.begin();
  EXPECT_EQ(*item, 4);
  ++item;
  EXPECT_THROW(*item, std::invalid_argument);
  ++item;
  EXPECT_EQ(*item, 16);
  ++item;
  EXPECT_TRUE(item == results.end());
}

TYPED_TEST_P(ExecutorContract, AnInputThatThrowsDoesSoBehindTheItemsBeforeIt) {
  auto numbers = std::views::iota(0) | std::views::transform([](int x) {
                   return x == 2 ? throw std::runtime_error("the input broke") : x;
                 });
  auto results = this->executor_.map(victims::square, numbers);
  auto item = results.begin();
  EXPECT_EQ(*item, 0);
  ++item;
  EXPECT_EQ(*item, 1);
  EXPECT_THROW(++item, std::runtime_error);
  EXPECT_EQ(this->executor_.submit(victims::square, 2).get(), 4);
}

TYPED_TEST_P(ExecutorContract, MapReduceEqualsTheSerialFold) {
  const auto text = [](int x, int y) { return std::to_string(x * y); };
  const auto join = [](const std::string& left, const std::string& right) {
    return left + ',' + right;
  };
  const std::vector<int> numbers{1, 2, 3};
  EXPECT_EQ(this->executor_.map_reduce(text, join, std::string("0"), numbers, std::views::iota(1)),
            "0,1,4,9");
}

TYPED_TEST_P(ExecutorContract, MapReduceOfNothingIsTheInitialValue) {
  EXPECT_EQ(this->executor_.map_reduce(victims::square, std::plus<>(), 7, std::vector<int>()), 7);
}

TYPED_TEST_P(ExecutorContract, MapReduceThrowsWhatAnItemThrewAndTellsItsIndex) {
  try {
    this->executor_.map_reduce({.chunksize = 5}, throw_at_three, std::plus<>(), 0,
                               std::views::iota(0));
    FAIL() << "it has a result";
  } catch (const std::invalid_argument& error) {
    const auto& remote = dynamic_cast<const Remote<std::invalid_argument>&>(error);
    EXPECT_EQ(remote.failure.index, 3U);
  }
  EXPECT_EQ(this->executor_.submit(victims::square, 2).get(), 4);
}

TYPED_TEST_P(ExecutorContract, MapReduceThrowsWhatItsInputThrows) {
  auto numbers = std::views::iota(0) | std::views::transform([](int x) {
                   return x == 20 ? throw std::runtime_error("the input broke") : x;
                 });
  EXPECT_THROW(this->executor_.map_reduce(victims::square, std::plus<>(), 0, numbers),
               std::runtime_error);
}

TYPED_TEST_P(ExecutorContract, AFailureHasTheNameOfItsTask) {
  const auto alone = this->executor_.submit({.name = "alone"}, throw_at_three, 3).outcome();
  EXPECT_EQ(alone.error().message(), "alone: std::invalid_argument: no 3 here");
  for (const auto& item :
       this->executor_.map({.each = {.name = "item"}}, throw_at_three, std::vector{3}).outcomes()) {
    EXPECT_EQ(item.error().name, "item");
  }
}

TYPED_TEST_P(ExecutorContract, ATaskKnowsTheIndexOfItsItem) {
  const auto index = [](int) { return this_task::index().value(); };
  std::uint64_t expected = 0;
  for (const std::uint64_t seen : this->executor_.map(index, std::views::iota(0, 100))) {
    EXPECT_EQ(seen, expected++);
  }
  EXPECT_FALSE(this->executor_.submit([] { return this_task::index().has_value(); }).get());
}

TYPED_TEST_P(ExecutorContract, ZipPairsInputsWithTheirResults) {
  const std::vector<int> inputs{1, 2, 3};
  auto results = this->executor_.map(victims::square, inputs);
  int pairs = 0;
  for (const auto& [input, result] : zip(inputs, results)) {
    EXPECT_EQ(result, input * input);
    ++pairs;
  }
  EXPECT_EQ(pairs, 3);
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

REGISTER_TYPED_TEST_SUITE_P(
    ExecutorContract, SubmitGivesTheResultOfTheCall, AFutureMayBeAskedAgain,
    AFunctionWithoutResultGivesAFutureOfVoid, LambdasTravelWithWhatTheyCapturedByValue,
    ACaptureOfTheCallersStackIsRefused, StructsTravelWithoutALineOfCode,
    ClassesTravelAsTheirSerializeMemberSays, TextAndSpansArePassedAsOwners,
    ArgumentsLargerThanAnyBufferArriveWhole, AStandardExceptionComesBackAsItself,
    ASystemErrorKeepsItsCodeAndText, AnUnknownExceptionTellsItsTypeAndMessage,
    NestedExceptionsTellTheirWholeChain, AnExceptionDoesNotTouchLaterTasks,
    MapGivesResultsInTheOrderOfTheInput, MapOfNothingIsEmpty, MapReadsAnEndlessInputLazily,
    MapNeverTakesMoreThanItsWindow, MapRefusesAWindowOfNothing, NegativeTimesAreRefused,
    MapOfSeveralInputsEndsWithTheShortest, StarmapTakesAllArgumentsFromATuple,
    IndexedTellsWhichItemAnOutcomeIsOf, AMapWhoseTimeIsOverThrowsAndHasEnded,
    MapWithAWindowOfBytesGivesEverything, MapGoesOnBehindAnItemThatFailed,
    DereferencingAFailedItemThrowsAndTheNextOneIsThere,
    AnInputThatThrowsDoesSoBehindTheItemsBeforeIt, MapReduceEqualsTheSerialFold,
    MapReduceOfNothingIsTheInitialValue, MapReduceThrowsWhatAnItemThrewAndTellsItsIndex,
    MapReduceThrowsWhatItsInputThrows, AFailureHasTheNameOfItsTask, ATaskKnowsTheIndexOfItsItem,
    ZipPairsInputsWithTheirResults, AFinishedTaskCannotBeCancelled, NothingIsTakenAfterShutdown);

}  // namespace bulkhead
