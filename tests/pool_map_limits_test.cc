// The limits of a map: its time and that of its items, its window, and its end on request.

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <ranges>
#include <string>
#include <vector>

#include "gate.h"
#include "map_items.h"
#include "pool_test.h"

namespace bulkhead {
namespace {

int square_or_stay(int item) {
  return item == 3 ? victims::sleep_forever() : victims::square(item);
}
constexpr std::size_t kLarge = 100'000;
/// The first item waits for the twentieth, which opens the gate.
std::string large_behind_gate(int item, const std::string& gate) {
  if (item == 0) {
    Gate::pass(gate);
  } else if (item == 20) {
    std::ofstream(gate + "/passes") << 'x';
  }
  return std::string(kLarge, 'x');
}
int square_first_only(int item, const std::string& gate) {
  return square_behind_gate(item, std::max(item, 1), gate);
}

class PoolMapLimits : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Each, PoolMapLimits, two_pools(), name_of_kind);

/// What a map gives before its time is over, which it never is for the fourth of its items.
std::vector<int> squares_within(std::chrono::nanoseconds limit, ProcessPoolExecutor& executor) {
  const Gate gate;
  const std::vector<int> held(1000, 3);
  const std::vector<std::string> names(1000, gate.name());
  auto results =
      executor.map({.timeout = limit}, square_behind_gate, std::views::iota(0), held, names);
  std::vector<int> delivered;
  EXPECT_THROW(std::ranges::copy(results, std::back_inserter(delivered)), TimeoutError);
  EXPECT_TRUE(results.begin() == results.end());
  gate.open();
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
  return delivered;
}

TEST_P(PoolMapLimits, AtItsTimeoutGivesWhatIsFinishedThenThrowsAndHasEnded) {
  ProcessPoolExecutor executor(options());
  // Nobody knows how long this machine takes for three items, but some limit is long enough.
  auto limit = std::chrono::milliseconds(1);
  std::vector<int> delivered;
  for (; delivered.size() < 3; limit *= 2) {
    delivered = squares_within(limit, executor);
    EXPECT_EQ(delivered, squares(static_cast<int>(delivered.size())));
  }
  EXPECT_EQ(delivered.size(), 3U);
}

TEST_P(PoolMapLimits, WithoutOrderItHasEndedAtItsTimeoutThoughItemsStillRun) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const std::vector<std::string> names(100, gate.name());
  auto results =
      executor.map({.timeout = std::chrono::milliseconds(50), .ordered = false}, Gate::pass, names);
  EXPECT_THROW(results.begin(), TimeoutError);
  EXPECT_TRUE(results.begin() == results.end());
  gate.open();
  EXPECT_TRUE(results.begin() == results.end());
}

TEST_P(PoolMapLimits, ATimeoutThatHasPassedAtOnceThrowsForTheFirstItem) {
  ProcessPoolExecutor executor(options());
  auto results = executor.map({.timeout = std::chrono::nanoseconds(1)}, victims::square,
                              std::views::iota(0, 10));
  EXPECT_THROW(results.begin(), TimeoutError);
  EXPECT_TRUE(results.begin() == results.end());
}

TEST_P(PoolMapLimits, AWindowOfBytesHoldsBackTheInputBehindAHeldItem) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  int taken = 0;
  const std::vector<std::string> names(1000, gate.name());
  auto results =
      executor.map({.buffer_bytes = 30 * kLarge}, large_behind_gate, counted(taken), names);
  int delivered = 0;
  int most = 0;
  for (const auto& text : results) {
    EXPECT_EQ(text.size(), kLarge);
    most = std::max(most, taken - delivered);
    ++delivered;
  }
  EXPECT_EQ(delivered, 1000);
  // 30 results fill the window; the first few were let in when nobody knew their size.
  EXPECT_LE(most, 60);
}

TEST_P(PoolMapLimits, CancelledBehindTheFirstItemCancelsWhatWasNotStarted) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const std::vector<std::string> names(1000, gate.name());
  auto results = executor.map(square_first_only, std::views::iota(0), names);
  auto outcomes = results.outcomes();
  auto item = outcomes.begin();
  EXPECT_EQ((*item).value(), 0);
  gate.await_arrival();
  results.cancel();
  gate.open();
  ++item;
  std::size_t cancelled = 0;
  for (; item != outcomes.end(); ++item) {
    cancelled += !*item && (*item).error().kind == FailureKind::Cancelled ? 1 : 0;
  }
  EXPECT_GT(cancelled, 0U);
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
}

TEST_P(PoolMapLimits, ATimeoutOfEachItemFailsTheSlowOneOnly) {
  ProcessPoolExecutor executor(options());
  // Nobody knows what else this machine has to do, but some limit is long enough for the others.
  std::vector<int> slow;
  for (auto limit = std::chrono::milliseconds(1); slow != std::vector{3}; limit *= 2) {
    slow.clear();
    auto results =
        executor.map({.each = {.timeout = limit}}, square_or_stay, std::views::iota(0, 10));
    int index = 0;
    for (const auto& outcome : results.outcomes()) {
      if (outcome) {
        EXPECT_EQ(*outcome, victims::square(index));
      } else {
        EXPECT_EQ(outcome.error().kind, FailureKind::TimedOut);
        slow.push_back(index);
      }
      ++index;
    }
    EXPECT_EQ(index, 10);
    ASSERT_TRUE(std::ranges::count(slow, 3));
  }
}

}  // namespace
}  // namespace bulkhead
