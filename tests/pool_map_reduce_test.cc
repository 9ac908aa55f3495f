// What map_reduce gives, and what it says when it fails.

#include <cstdint>
#include <functional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "pool_test.h"

namespace bulkhead {
namespace {

constexpr int kItems = 3000;

double tenth(int item) {
  return item / 10.0;
}
/// Not commutative: the right order is seen in the text.
std::string in_order(const std::string& left, const std::string& right) {
  return left + " " + right;
}
std::string name_of_item(int item) {
  return std::to_string(item);
}
std::uint64_t index_of_this() {
  return this_task::index().value();
}

class PoolMapReduce : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Every, PoolMapReduce, every_pool(), name_of_kind);

TEST_P(PoolMapReduce, CombinesInTheOrderOfTheInput) {
  ProcessPoolExecutor executor(options());
  std::string expected = "from:";
  for (int item = 0; item < kItems; ++item) {
    expected += " " + std::to_string(item);
  }
  EXPECT_EQ(executor.map_reduce(name_of_item, in_order, std::string("from:"),
                                std::views::iota(0, kItems)),
            expected);
}

TEST_P(PoolMapReduce, RoundsInTheSameWayWithAnyNumberOfWorkers) {
  ProcessPoolExecutor executor(options());
  InlineExecutor alone;
  const auto numbers = std::views::iota(0, kItems);
  EXPECT_EQ(executor.map_reduce(tenth, std::plus<>(), 0.0, numbers),
            alone.map_reduce(tenth, std::plus<>(), 0.0, numbers));
}

TEST_P(PoolMapReduce, NotOrderedCombinesEveryItemOnce) {
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(executor.map_reduce({.ordered = false}, victims::square, std::plus<>(), std::int64_t{},
                                std::views::iota(0, 1000)),
            332'833'500);
}

TEST_P(PoolMapReduce, ACrashTellsWhichItemItWas) {
  ProcessPoolExecutor executor(options());
  const auto square_or_die = [](int item) {
    return item == 2000 ? victims::kill_itself() : victims::square(item);
  };
  try {
    executor.map_reduce(square_or_die, std::plus<>(), std::int64_t{}, std::views::iota(0, kItems));
    FAIL() << "it has a result";
  } catch (const WorkerCrashed& error) {
    EXPECT_EQ(error.failure.index, 2000U);
    EXPECT_EQ(error.failure.signal, SIGKILL);
  }
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
}

class PoolMapReduceOfTwo : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Each, PoolMapReduceOfTwo, two_pools(), name_of_kind);

TEST_P(PoolMapReduceOfTwo, OneValueComesBackForAGroupOfItems) {
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(executor.map_reduce({.chunksize = 100}, victims::square, std::plus<>(), 0,
                                std::views::iota(0, 950)),
            285'340'575);
  EXPECT_EQ(executor.stats().completed, 10U);
}

TEST_P(PoolMapReduceOfTwo, GroupsGrowWithWhatWentBefore) {
  ProcessPoolExecutor executor(options());
  executor.map_reduce(tenth, std::plus<>(), 0.0, std::views::iota(0, 1'000'000));
  EXPECT_LT(executor.stats().completed, 5000U);
}

TEST_P(PoolMapReduceOfTwo, WhatCombiningThrowsInAWorkerTellsTheItem) {
  ProcessPoolExecutor executor(options());
  const auto add_up_to = [](int left, int right) {
    return right == 777 ? throw std::range_error("too much") : left + right;
  };
  const auto same = [](int item) { return item; };
  try {
    executor.map_reduce({.chunksize = 10}, same, add_up_to, 0, std::views::iota(0, 1000));
    FAIL() << "it has a result";
  } catch (const std::range_error& error) {
    EXPECT_STREQ(error.what(), "too much");
    EXPECT_EQ(dynamic_cast<const Remote<std::range_error>&>(error).failure.index, 777U);
  }
}

TEST_P(PoolMapReduceOfTwo, BothFunctionsMayHaveCapturesAndBoundValues) {
  ProcessPoolExecutor executor(options());
  const auto longer = [least = 3U](std::string_view text, const std::vector<char>& letters) {
    return text.size() < least ? std::string() : std::string(text) + letters[0];
  };
  const auto join = [](const std::string& between, const std::string& left,
                       const std::string& right) { return left + between + right; };
  const std::vector<std::string> texts{"one", "to", "three"};
  const std::vector<std::vector<char>> marks{{'!'}, {'?'}, {'.'}, {','}};
  EXPECT_EQ(executor.map_reduce({.chunksize = 2}, longer, partial(join, "|"), std::string("from"),
                                texts, marks),
            "from|one!||three.");
}

TEST_P(PoolMapReduceOfTwo, AWorkerThatLiesAboutTheItemIsNotBelieved) {
  ProcessPoolExecutor executor(options());
  const auto lie = [](int item) {
    if (item == 5) {
      victims::scribble_over_shared_memory(7);
      victims::kill_itself();
    }
    return item;
  };
  try {
    executor.map_reduce({.chunksize = 10}, lie, std::plus<>(), 0, std::views::iota(0, 10));
    FAIL() << "it has a result";
  } catch (const WorkerCrashed& error) {
    EXPECT_EQ(error.failure.index, std::nullopt);
  }
}

TEST_P(PoolMapReduceOfTwo, AtItsTimeoutThrowsAndThePoolGoesOn) {
  ProcessPoolExecutor executor(options());
  const auto forever = [](int) { return victims::sleep_forever(); };
  EXPECT_THROW(executor.map_reduce({.each = {.timeout = std::chrono::seconds(1)},
                                    .timeout = std::chrono::milliseconds(50)},
                                   forever, std::plus<>(), 0, std::views::iota(0, 4)),
               TimeoutError);
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
}

class PoolIndex : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Every, PoolIndex, every_pool(), name_of_kind);

TEST_P(PoolIndex, OfATaskOfAMapIsThatOfItsItem) {
  ProcessPoolExecutor executor(options());
  const auto indices = [](const std::string&) { return index_of_this(); };
  // Of different sizes, so that they travel in many pieces.
  const auto texts = std::views::iota(0, 2000) | std::views::transform([](int item) {
                       return std::string(static_cast<std::size_t>(item % 7), 'x');
                     });
  std::uint64_t expected = 0;
  for (const std::uint64_t index : executor.map(indices, texts)) {
    EXPECT_EQ(index, expected++);
  }
  EXPECT_EQ(expected, 2000U);
}

TEST_P(PoolIndex, OfATaskThatWasSubmittedAloneThereIsNone) {
  ProcessPoolExecutor executor(options());
  const auto has_index = [](int) { return this_task::index().has_value(); };
  for (const bool has : executor.map(has_index, std::views::iota(0, 100))) {
    EXPECT_TRUE(has);
  }
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(executor.submit(has_index, i).get());
  }
  EXPECT_EQ(this_task::index(), std::nullopt);
}

TEST_P(PoolIndex, InAMapReduceIsThatOfTheItemAtHand) {
  ProcessPoolExecutor executor(options());
  const auto is_own = [](int item) { return index_of_this() == static_cast<std::uint64_t>(item); };
  EXPECT_TRUE(executor.map_reduce(is_own, std::logical_and<>(), true, std::views::iota(0, kItems)));
}

}  // namespace
}  // namespace bulkhead
