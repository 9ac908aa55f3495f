#pragma once

#include <chrono>
#include <functional>
#include <ranges>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <bulkhead/bulkhead.h>

#include "executor_contract.h"
#include "victims.h"

/// What every executor must do with the items of a map; see executor_contract.h.
namespace bulkhead {

template <class Maker>
class ExecutorMapContract : public ::testing::Test {
 protected:
  using Type = typename Maker::Type;
  Type executor_ = Maker::make();
};

TYPED_TEST_SUITE_P(ExecutorMapContract);

TYPED_TEST_P(ExecutorMapContract, MapGivesResultsInTheOrderOfTheInput) {
  std::vector<int> expected;
  for (int x = 0; x < 5000; ++x) {
    expected.push_back(victims::square(x));
  }
  EXPECT_EQ(this->executor_.map(victims::square, std::views::iota(0, 5000)).collect(), expected);
}

TYPED_TEST_P(ExecutorMapContract, MapOfNothingIsEmpty) {
  EXPECT_TRUE(this->executor_.map(victims::square, std::vector<int>()).collect().empty());
}

TYPED_TEST_P(ExecutorMapContract, MapReadsAnEndlessInputLazily) {
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

TYPED_TEST_P(ExecutorMapContract, MapNeverTakesMoreThanItsWindow) {
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

TYPED_TEST_P(ExecutorMapContract, MapRefusesAWindowOfNothing) {
  int taken = 0;
  auto numbers = std::views::iota(0) | std::views::transform([&taken](int x) {
                   ++taken;
                   return x;
                 });
  EXPECT_THROW((void)this->executor_.map({.buffersize = 0}, victims::square, numbers),
               std::invalid_argument);
  EXPECT_EQ(taken, 0);
}

TYPED_TEST_P(ExecutorMapContract, MapOfSeveralInputsEndsWithTheShortest) {
  auto multiply = [](int x, double y, const std::string& z) {
    return x * y + static_cast<double>(z.size());
  };
  const std::vector<double> halves{0.5, 1.5, 2.5};
  const std::vector<const char*> words{"a", "bb", "ccc", "dddd"};
  EXPECT_EQ(this->executor_.map(multiply, std::views::iota(1), halves, words).collect(),
            (std::vector{1.5, 5.0, 10.5}));
  EXPECT_TRUE(this->executor_.map(multiply, std::vector<int>(), halves, words).collect().empty());
}

TYPED_TEST_P(ExecutorMapContract, StarmapTakesAllArgumentsFromATuple) {
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

TYPED_TEST_P(ExecutorMapContract, IndexedTellsWhichItemAnOutcomeIsOf) {
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

TYPED_TEST_P(ExecutorMapContract, AMapWhoseTimeIsOverThrowsAndHasEnded) {
  for (const bool ordered : {true, false}) {
    auto results = this->executor_.map({.timeout = std::chrono::nanoseconds(1), .ordered = ordered},
                                       victims::square, std::views::iota(0));
    EXPECT_THROW(results.collect(), TimeoutError);
    EXPECT_TRUE(results.collect().empty());
  }
}

TYPED_TEST_P(ExecutorMapContract, MapWithAWindowOfBytesGivesEverything) {
  auto text = [](int length) { return std::string(static_cast<std::size_t>(length), 'x'); };
  std::size_t bytes = 0;
  auto results = this->executor_.map({.buffer_bytes = 500}, text, std::views::iota(0, 200));
  for (const auto& value : results) {
    bytes += value.size();
  }
  EXPECT_EQ(bytes, 199U * 200 / 2);
}

TYPED_TEST_P(ExecutorMapContract, MapGoesOnBehindAnItemThatFailed) {
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

TYPED_TEST_P(ExecutorMapContract, DereferencingAFailedItemThrowsAndTheNextOneIsThere) {
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

TYPED_TEST_P(ExecutorMapContract, AnInputThatThrowsDoesSoBehindTheItemsBeforeIt) {
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

TYPED_TEST_P(ExecutorMapContract, MapReduceEqualsTheSerialFold) {
  const auto text = [](int x, int y) { return std::to_string(x * y); };
  const auto join = [](const std::string& left, const std::string& right) {
    return left + ',' + right;
  };
  const std::vector<int> numbers{1, 2, 3};
  EXPECT_EQ(this->executor_.map_reduce(text, join, std::string("0"), numbers, std::views::iota(1)),
            "0,1,4,9");
}

TYPED_TEST_P(ExecutorMapContract, MapReduceOfNothingIsTheInitialValue) {
  EXPECT_EQ(this->executor_.map_reduce(victims::square, std::plus<>(), 7, std::vector<int>()), 7);
}

TYPED_TEST_P(ExecutorMapContract, MapReduceThrowsWhatAnItemThrewAndTellsItsIndex) {
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

TYPED_TEST_P(ExecutorMapContract, MapReduceThrowsWhatItsInputThrows) {
  auto numbers = std::views::iota(0) | std::views::transform([](int x) {
                   return x == 20 ? throw std::runtime_error("the input broke") : x;
                 });
  EXPECT_THROW(this->executor_.map_reduce(victims::square, std::plus<>(), 0, numbers),
               std::runtime_error);
}

TYPED_TEST_P(ExecutorMapContract, ATaskKnowsTheIndexOfItsItem) {
  const auto index = [](int) { return this_task::index().value(); };
  std::uint64_t expected = 0;
  for (const std::uint64_t seen : this->executor_.map(index, std::views::iota(0, 100))) {
    EXPECT_EQ(seen, expected++);
  }
  EXPECT_FALSE(this->executor_.submit([] { return this_task::index().has_value(); }).get());
}

inline std::string throw_with(const Photo&, const std::string& text) {
  throw std::runtime_error(text);
}

TYPED_TEST_P(ExecutorMapContract, AFailureHasTheItemThatItIsOf) {
  const auto inputs_of_failures = [](auto results) {
    std::set<std::string> inputs;
    for (const auto& outcome : results.outcomes()) {
      if (!outcome) {
        inputs.insert(outcome.error().input);
      }
    }
    return inputs;
  };
  using Inputs = std::set<std::string>;
  auto& executor = this->executor_;
  const auto numbers = std::views::iota(0, 100);
  EXPECT_EQ(inputs_of_failures(executor.map(throw_at_three, numbers)), Inputs{"3"});
  EXPECT_EQ(inputs_of_failures(executor.map({.ordered = false}, throw_at_three, numbers)),
            Inputs{"3"});
  const std::vector<Photo> photos(2);
  EXPECT_EQ(inputs_of_failures(executor.map(throw_with, photos, std::vector{"a\nb", "c"})),
            (Inputs{"?, a b", "?, c"}));
  const std::vector<std::pair<Photo, std::string>> pairs(1);
  EXPECT_EQ(inputs_of_failures(executor.starmap(throw_with, pairs)), Inputs{"?, "});
}

TYPED_TEST_P(ExecutorMapContract, ZipPairsInputsWithTheirResults) {
  const std::vector<int> inputs{1, 2, 3};
  auto results = this->executor_.map(victims::square, inputs);
  int pairs = 0;
  for (const auto& [input, result] : zip(inputs, results)) {
    EXPECT_EQ(result, input * input);
    ++pairs;
  }
  EXPECT_EQ(pairs, 3);
}

TYPED_TEST_P(ExecutorMapContract, AMapTellsHowManyItemsAreOverAndHowManyFailed) {
  auto results = this->executor_.map(throw_at_three, std::views::iota(0, 100));
  EXPECT_EQ(results.progress().total, 100U);
  for (const auto& outcome : results.outcomes()) {
    static_cast<void>(outcome);
  }
  const MapProgress progress = results.progress();
  EXPECT_EQ(progress.taken, 100U);
  EXPECT_EQ(progress.finished, 100U);
  EXPECT_EQ(progress.failed, 1U);
  EXPECT_EQ(progress.total, 100U);
  EXPECT_EQ(progress.remaining(), std::chrono::nanoseconds(0));
  EXPECT_EQ(progress.elapsed, results.progress().elapsed);
}

TYPED_TEST_P(ExecutorMapContract, AMapKnowsTheLengthOfItsInputOnceThatIsCertain) {
  auto& executor = this->executor_;
  const std::vector<int> seven(7);
  const auto endless = std::views::iota(0);
  auto odd =
      std::views::iota(0, 10) | std::views::filter([](int number) { return number % 2 == 1; });
  const auto total = [](const auto& results) { return results.progress().total; };
  const MapOptions one_at_a_time{.buffersize = 1};
  EXPECT_EQ(total(executor.map(std::plus<>(), seven, std::vector<int>(5))), 5U);
  EXPECT_EQ(total(executor.map(std::plus<>(), endless, seven)), 7U);
  EXPECT_EQ(total(executor.map(one_at_a_time, victims::square, endless)), std::nullopt);
  EXPECT_EQ(total(executor.map(one_at_a_time, std::plus<>(), seven, odd)), std::nullopt);

  auto filtered = executor.map(one_at_a_time, victims::square, odd);
  EXPECT_EQ(total(filtered), std::nullopt);
  EXPECT_EQ(filtered.collect().size(), 5U);
  EXPECT_EQ(total(filtered), 5U);

  auto cancelled = executor.map(one_at_a_time, victims::square, endless);
  cancelled.cancel();
  EXPECT_EQ(total(cancelled), 1U);
}

REGISTER_TYPED_TEST_SUITE_P(
    ExecutorMapContract, MapGivesResultsInTheOrderOfTheInput, MapOfNothingIsEmpty,
    MapReadsAnEndlessInputLazily, MapNeverTakesMoreThanItsWindow, MapRefusesAWindowOfNothing,
    MapOfSeveralInputsEndsWithTheShortest, StarmapTakesAllArgumentsFromATuple,
    IndexedTellsWhichItemAnOutcomeIsOf, AMapWhoseTimeIsOverThrowsAndHasEnded,
    MapWithAWindowOfBytesGivesEverything, MapGoesOnBehindAnItemThatFailed,
    DereferencingAFailedItemThrowsAndTheNextOneIsThere,
    AnInputThatThrowsDoesSoBehindTheItemsBeforeIt, MapReduceEqualsTheSerialFold,
    MapReduceOfNothingIsTheInitialValue, MapReduceThrowsWhatAnItemThrewAndTellsItsIndex,
    MapReduceThrowsWhatItsInputThrows, ATaskKnowsTheIndexOfItsItem, AFailureHasTheItemThatItIsOf,
    ZipPairsInputsWithTheirResults, AMapTellsHowManyItemsAreOverAndHowManyFailed,
    AMapKnowsTheLengthOfItsInputOnceThatIsCertain);

}  // namespace bulkhead
