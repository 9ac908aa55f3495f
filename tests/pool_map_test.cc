// What map gives, scenario by scenario.

#include <algorithm>
#include <ranges>
#include <string>
#include <thread>
#include <vector>

#include "gate.h"
#include "map_items.h"
#include "pool_test.h"

namespace bulkhead {
namespace {

int square_or_die(int item, int deadly) {
  return item == deadly ? victims::kill_itself() : victims::square(item);
}
int throw_at_seven(int item) {
  return item == 7 ? victims::throw_invalid_argument(item) : victims::square(item);
}
/// How many tasks this worker has run before this one.
int place_in_worker(const std::string& gate) {
  const int place = this_worker::state<int>()++;
  Gate::pass(gate);
  return place;
}
/// The gate holds up all items but the first so many.
int square_behind_gate_from(int item, int held, const std::string& gate) {
  return square_behind_gate(item, std::max(item, held), gate);
}
class PoolMap : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Every, PoolMap, every_pool(), name_of_kind);

TEST_P(PoolMap, OfManyItemsEqualsTheSerialLoop) {
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(executor.map(victims::square, std::views::iota(0, 5000)).collect(), squares(5000));
}

TEST_P(PoolMap, EqualsTheSerialLoopWithEveryWindow) {
  ProcessPoolExecutor executor(options());
  for (const std::size_t window : {1U, 2U, 9U, 10U, 11U, 200U}) {
    EXPECT_EQ(
        executor.map({.buffersize = window}, victims::square, std::views::iota(0, 50)).collect(),
        squares(50));
  }
}

TEST_P(PoolMap, EqualsTheSerialLoopWithEveryChunkSizeAndWindow) {
  ProcessPoolExecutor executor(options());
  for (const std::size_t chunk : {1U, 2U, 3U, 6U, 9U, 10U, 11U, 40U, 50U}) {
    for (const std::size_t window : {1U, 2U, 9U, 10U, 11U, 65536U}) {
      EXPECT_EQ(executor
                    .map({.chunksize = chunk, .buffersize = window}, victims::square,
                         std::views::iota(0, 45))
                    .collect(),
                squares(45));
    }
  }
}

TEST_P(PoolMap, AnExceptionAmidAChunkCostsItsItemAlone) {
  ProcessPoolExecutor executor(options());
  auto results = executor.map({.chunksize = 3}, throw_at_seven, std::views::iota(0, 10));
  int item = 0;
  auto at = results.begin();
  for (; at != results.end(); ++at, ++item) {
    if (item == 7) {
      EXPECT_THROW(*at, std::invalid_argument);
    } else {
      EXPECT_EQ(*at, victims::square(item));
    }
  }
  EXPECT_EQ(item, 10);
}

TEST_P(PoolMap, AnInputThatThrowsGivesTheItemsBeforeWithEveryChunkSize) {
  ProcessPoolExecutor executor(options());
  for (const int broken : {3, 7}) {
    for (const std::size_t chunk : {1U, 2U, 4U}) {
      auto results =
          executor.map({.chunksize = chunk}, victims::square,
                       std::views::iota(0) | std::views::transform([broken](int item) {
                         return item == broken ? throw std::runtime_error("the input broke") : item;
                       }));
      std::vector<int> seen;
      const auto read_all = [&] {
        for (const int value : results) {
          seen.push_back(value);
        }
      };
      EXPECT_THROW(read_all(), std::runtime_error);
      EXPECT_EQ(seen, squares(broken));
    }
  }
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
}

TEST_P(PoolMap, OfAWorkersDeathLosesOneItem) {
  ProcessPoolExecutor executor(options());
  const std::vector<int> deadly(200, 77);
  int index = 0;
  for (const auto& outcome : executor.map(square_or_die, std::views::iota(0), deadly).outcomes()) {
    if (index == 77) {
      EXPECT_EQ(outcome.error().kind, FailureKind::Crashed);
      EXPECT_EQ(outcome.error().index, 77U);
    } else {
      EXPECT_EQ(outcome.value(), victims::square(index));
    }
    ++index;
  }
  EXPECT_EQ(index, 200);
}

TEST_P(PoolMap, KeepsTheOrderWhileItsWorkersAreReplaced) {
  PoolOptions short_lived = options();
  short_lived.max_tasks_per_child = 7;
  ProcessPoolExecutor executor(short_lived);
  const auto dies_at_times = [](int item) {
    return item % 25 == 0 && this_task::attempt() == 1 ? victims::kill_itself()
                                                       : victims::square(item);
  };
  EXPECT_EQ(
      executor.map({.each = {.retries = 1}}, dies_at_times, std::views::iota(0, 200)).collect(),
      squares(200));
  EXPECT_EQ(executor.stats().crashed, 8U);
}

TEST_P(PoolMap, NotOrderedGivesEveryItemOnce) {
  ProcessPoolExecutor executor(options());
  for (const std::size_t window : {1U, 10U, 65536U}) {
    std::vector<int> seen(3000);
    auto results = executor.map({.buffersize = window, .ordered = false}, victims::square,
                                std::views::iota(0, 3000));
    for (const auto& [index, outcome] : results.indexed()) {
      seen[index] += outcome.value() == victims::square(static_cast<int>(index)) ? 1 : 0;
    }
    EXPECT_EQ(seen, std::vector<int>(3000, 1));
  }
}

TEST_P(PoolMap, ThrownAwayAtOnceDoesNotHangTheShutdown) {
  ProcessPoolExecutor executor(options());
  (void)executor.map(victims::square, std::views::iota(0));
  executor.shutdown();
}

class PoolMapOfTwo : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Each, PoolMapOfTwo, two_pools(), name_of_kind);

TEST_P(PoolMapOfTwo, NotOrderedAHeldItemDelaysNoOther) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const std::vector<int> held(100, 0);
  const std::vector<std::string> names(100, gate.name());
  auto results =
      executor.map({.ordered = false}, square_behind_gate, std::views::iota(0), held, names);
  std::vector<std::uint64_t> indices;
  for (const auto& [index, outcome] : results.indexed()) {
    indices.push_back(index);
    if (indices.size() == 99) {
      gate.open();
    }
  }
  EXPECT_EQ(indices.size(), 100U);
  EXPECT_EQ(indices.back(), 0U);
}

TEST_P(PoolMapOfTwo, TellsAnyThreadWhatIsOverWhileAnItemRuns) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const std::vector<int> held(100, 0);
  const std::vector<std::string> names(100, gate.name());
  auto results =
      executor.map({.ordered = false}, square_behind_gate, std::views::iota(0), held, names);
  MapProgress progress;
  std::size_t delivered = 0;
  for (const auto& outcome : results.outcomes()) {
    EXPECT_TRUE(outcome.has_value());
    if (++delivered == 99) {
      std::jthread([&] { progress = results.progress(); }).join();
      gate.open();
    }
  }
  EXPECT_EQ(progress.taken, 100U);
  EXPECT_EQ(progress.finished, 99U);
  EXPECT_EQ(progress.failed, 0U);
  EXPECT_EQ(progress.total, 100U);
  EXPECT_LT(progress.elapsed, results.progress().elapsed);
  ASSERT_TRUE(progress.remaining());
  EXPECT_LT(*progress.remaining(), progress.elapsed);
}

TEST_P(PoolMapOfTwo, AHeldItemDelaysNoOtherOfItsChunk) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const std::vector<int> held(100, 0);
  const std::vector<std::string> names(100, gate.name());
  auto results = executor.map({.chunksize = 50, .ordered = false}, square_behind_gate,
                              std::views::iota(0), held, names);
  std::size_t delivered = 0;
  for (const auto& [index, outcome] : results.indexed()) {
    EXPECT_EQ(index == 0, ++delivered == 100);
    if (delivered == 99) {
      gate.open();
    }
  }
  EXPECT_EQ(delivered, 100U);
}

TEST_P(PoolMapOfTwo, ItemsTravelInChunksOfTheSizeThatWasAskedFor) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  executor.boot_up();
  auto results =
      executor.map({.chunksize = 8}, place_in_worker, std::vector<std::string>(16, gate.name()));
  gate.await_arrival();
  gate.await_arrival();
  gate.open();
  const std::vector<int> places = results.collect();
  EXPECT_EQ(std::ranges::count(places, 0), 2);
  EXPECT_EQ(places[0], 0);
  EXPECT_EQ(places[8], 0);  // The first of the second chunk is the first of the second worker.
}

TEST_P(PoolMapOfTwo, TheWindowIsFilledWithWholeChunks) {
  ProcessPoolExecutor executor(options());
  int taken = 0;
  auto results = executor.map({.chunksize = 7, .buffersize = 17}, victims::square, counted(taken));
  EXPECT_EQ(taken, 14);
}

TEST_P(PoolMapOfTwo, NotOrderedAResultIsHeardOfWhileItsWorkerRunsTheNextItem) {
  constexpr int kShort = 500;  // Enough to be waited for without hurry.
  constexpr int kHeld = 200;
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const std::vector<int> held(kShort + kHeld, kShort);
  const std::vector<std::string> names(held.size(), gate.name());
  int delivered = 0;
  for ([[maybe_unused]] const int value : executor.map({.ordered = false}, square_behind_gate_from,
                                                       std::views::iota(0), held, names)) {
    if (++delivered >= kShort) {
      gate.let_pass(1);
    }
  }
  EXPECT_EQ(delivered, kShort + kHeld);
}

TEST_P(PoolMapOfTwo, NotOrderedAFailedItemTellsWhichItWas) {
  ProcessPoolExecutor executor(options());
  const std::vector<int> deadly(20, 7);
  auto results = executor.map({.ordered = false}, square_or_die, std::views::iota(0), deadly);
  for (const auto& [index, outcome] : results.indexed()) {
    EXPECT_EQ(outcome.has_value(), index != 7U);
    EXPECT_EQ(outcome.has_value() ? index : outcome.error().index, index);
  }
}

TEST_P(PoolMapOfTwo, GivesWhatIsReadyThoughOthersKeepThePoolBusy) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const std::vector<std::string> nothing_to_wait_for(1000);
  executor.map(square_behind_gate, std::views::iota(1), std::views::iota(2), nothing_to_wait_for)
      .collect();  // Short items: many of them are taken ahead.
  std::vector<std::jthread> others;
  for (int i = 0; i < 3; ++i) {
    others.emplace_back([&executor](const std::stop_token& over) {
      while (!over.stop_requested()) {
        executor.submit(victims::square, 1).get();
      }
    });
  }
  const std::vector<int> held(1000, 1);
  const std::vector<std::string> names(1000, gate.name());
  auto results = executor.map(square_behind_gate, std::views::iota(0), held, names);
  EXPECT_EQ(*results.begin(), 0);
  results.cancel();
  gate.open();
}

}  // namespace
}  // namespace bulkhead
