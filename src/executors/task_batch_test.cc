#include "executors/task_batch.h"

#include <cstring>

#include <gtest/gtest.h>

namespace bulkhead::detail {
namespace {

using transport::PayloadRun;

constexpr int kWorker = 4711;

/// A batch of so many items, and what it tells of itself.
struct TestBatch {
  TestBatch(std::size_t size, bool is_ordered)
      : batch(nullptr, {.ordered = is_ordered}, items(size), 100, counters) {}

  static EncodedItems items(std::size_t size) {
    EncodedItems items;
    for (std::size_t i = 0; i < size; ++i) {
      items.append([](Encoder& out) { out(std::byte{}); });
    }
    return items;
  }

  std::shared_ptr<MapCounters> counters = std::make_shared<MapCounters>();
  TaskBatch batch;
};

/// Numbers from `first` on, each behind a word that is none of them, as results lie in a ring.
struct Numbers {
  Numbers(std::uint64_t first, std::size_t count) : words(2 * count, ~std::uint64_t{0}) {
    for (std::size_t i = 0; i < count; ++i) {
      words[2 * i + 1] = first + i;
    }
  }
  PayloadRun run() const {
    const auto bytes = std::as_bytes(std::span(words));
    return {bytes.data() + 8, 8, 16, words.size() / 2};
  }

  std::vector<std::uint64_t> words;
};

std::uint64_t number_of(const EncodedOutcome& outcome) {
  std::uint64_t number = 0;
  EXPECT_EQ(outcome.bytes, sizeof number);
  std::memcpy(&number, outcome.value, sizeof number);
  return number;
}

TEST(TaskBatchTest, ValuesOfARunAreKept) {
  constexpr std::size_t kMany = 20'000;  // More than one block holds.
  TestBatch test(kMany, true);
  {
    const Numbers one(0, 1);
    const Numbers rest(1, kMany - 1);
    test.batch.complete(0, one.run(), kWorker);
    test.batch.complete(1, rest.run(), kWorker);
  }
  ASSERT_EQ(test.batch.ready(), kMany);
  EXPECT_EQ(test.counters->finished, kMany);
  EXPECT_EQ(test.counters->value_bytes, 8 * kMany);
  const OutcomeRun run = test.batch.outcomes(0, kMany);
  for (std::size_t i = 0; i < kMany; ++i) {
    ASSERT_EQ(static_cast<int>(run.next[i].worker), kWorker);
    ASSERT_EQ(number_of(run.next[i]), i);
  }
}

TEST(TaskBatchTest, OrderedOutcomesAreReadyUpToTheFirstGap) {
  TestBatch test(10, true);
  test.batch.complete(4, Numbers(4, 3).run(), kWorker);
  EXPECT_EQ(test.batch.ready(), 0U);
  EXPECT_EQ(test.counters->finished, 3U);
  test.batch.complete(0, Numbers(0, 2).run(), kWorker);
  EXPECT_EQ(test.batch.ready(), 2U);
  test.batch.complete(2, Numbers(2, 2).run(), kWorker);
  EXPECT_EQ(test.batch.ready(), 7U);
}

TEST(TaskBatchTest, OutcomesThatAreNotOrderedAreReadyAsTheyCome) {
  TestBatch test(10, false);
  test.batch.complete(4, Numbers(4, 3).run(), kWorker);
  test.batch.complete(0, Numbers(0, 1).run(), kWorker);
  ASSERT_EQ(test.batch.ready(), 4U);
  const OutcomeRun run = test.batch.outcomes(0, 4);
  EXPECT_EQ(number_of(run.next[0]), 4U);
  EXPECT_EQ(number_of(run.next[3]), 0U);
  EXPECT_EQ(run.index_of(run.next[2]), 106U);
  EXPECT_EQ(run.index_of(run.next[3]), 100U);
}

TEST(TaskBatchTest, ValuesWithoutBytesAreValues) {
  TestBatch test(5, true);
  test.batch.complete(0, PayloadRun{nullptr, 0, 8, 5}, kWorker);
  EXPECT_EQ(test.batch.ready(), 5U);
  EXPECT_EQ(test.counters->value_bytes, 0U);
}

}  // namespace
}  // namespace bulkhead::detail
