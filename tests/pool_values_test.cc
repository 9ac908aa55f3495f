// What becomes of arguments and results in the program: values that can only be moved, results that
// cannot be decoded there, and memory that is given back.

#include <malloc.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <bulkhead/bulkhead.h>

#include "pool_test.h"
#include "victims.h"

namespace bulkhead {
namespace {

class PoolValues : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Two, PoolValues, two_pools(), name_of_kind);

// ---- values that can only be moved

class Box {
 public:
  Box() = default;
  explicit Box(int content) : content_(std::make_unique<int>(content)) {}
  int content() const { return *content_; }

  template <class Archive>
  void serialize(Archive& archive) {
    int content = content_ ? *content_ : 0;
    archive(content);
    content_ = std::make_unique<int>(content);
  }

 private:
  std::unique_ptr<int> content_;
};
static_assert(!std::copy_constructible<Box>);

Box box_of(int content) {
  return Box(content);
}
int open(Box box) {  // NOLINT(performance-unnecessary-value-param): it takes the box
  return box.content();
}
Box same(Box box) {
  return box;
}

TEST_P(PoolValues, ThatCanOnlyBeMovedAreResultsThatMayBeAskedForAgain) {
  ProcessPoolExecutor executor(options());
  const auto future = executor.submit(box_of, 7);
  EXPECT_EQ(future.get().content(), 7);
  EXPECT_EQ(future.outcome()->content(), 7);
  EXPECT_EQ(future.exception(), nullptr);
  EXPECT_EQ(future.get().content(), 7);
}

TEST_P(PoolValues, ThatCanOnlyBeMovedAreArgumentsAndItemsOfMaps) {
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(executor.submit(open, Box(3)).get(), 3);
  std::vector<Box> boxes;
  boxes.emplace_back(1);
  boxes.emplace_back(2);
  const std::vector<Box> arrived = executor.map(same, boxes).collect();
  EXPECT_EQ(arrived.at(0).content(), 1);
  EXPECT_EQ(arrived.at(1).content(), 2);
}

TEST_P(PoolValues, ThatCanOnlyBeMovedGoToTheFirstWhoAsksIfTheyWereMadeHere) {
  ProcessPoolExecutor executor(options());
  const auto future = executor.submit(box_of, 7).then(same);
  EXPECT_EQ(future.exception(), nullptr);
  EXPECT_EQ(future.get().content(), 7);
  EXPECT_THROW(future.get(), std::logic_error);
  EXPECT_FALSE(future.outcome().has_value());
}

TEST_P(PoolValues, ThatCanOnlyBeMovedAreCollected) {
  ProcessPoolExecutor executor(options());
  const std::vector futures{executor.submit(box_of, 1), executor.submit(box_of, 2)};
  const auto both = collect(futures);
  EXPECT_EQ(both.get().at(1).content(), 2);
  EXPECT_THROW(both.get(), std::logic_error);
}

// ---- results that cannot be decoded in the program

/// Cannot be decoded in the process that is its home.
template <class E>
struct Unwelcome {
  int home = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(home);
    if (std::same_as<Archive, Decoder> && home == ::getpid()) {
      throw E("not in here");
    }
  }
};
template <class E>
Unwelcome<E> unwelcome_in(int home) {
  return {home};
}

template <class E>
void expect_that_failures_tell_the_worker(const PoolOptions& options) {
  ProcessPoolExecutor executor(options);
  const int worker = executor.submit(victims::process_id).get();
  const auto future = executor.submit(unwelcome_in<E>, ::getpid());
  EXPECT_THROW(future.get(), E);
  EXPECT_EQ(future.outcome().error().pid, worker);
  auto results = executor.map(unwelcome_in<E>, std::vector{::getpid()});
  for (const auto& outcome : results.outcomes()) {
    EXPECT_EQ(outcome.error().pid, worker);
    EXPECT_EQ(outcome.error().index, 0U);
  }
}

TEST_P(PoolValues, ThatCannotBeDecodedHereSayWhichWorkerSentThem) {
  auto one = options();
  one.max_workers = 1;
  expect_that_failures_tell_the_worker<std::runtime_error>(one);
  expect_that_failures_tell_the_worker<SerializationError>(one);
}

TEST_P(PoolValues, ThatCannotBeDecodedHereSayWhichWorkerSentThemInTheErrorThrown) {
  auto one = options();
  one.max_workers = 1;
  ProcessPoolExecutor executor(one);
  const int worker = executor.submit(victims::process_id).get();
  try {
    executor.submit(unwelcome_in<SerializationError>, ::getpid()).get();
    FAIL() << "nothing was thrown";
  } catch (const SerializationError& error) {
    EXPECT_EQ(error.failure.pid, worker);
  }
}

// ---- memory

std::size_t allocated_bytes() {
  const auto figures = ::mallinfo2();
  return figures.uordblks + figures.hblkhd;
}

std::size_t size_of(const std::string& text) {
  return text.size();
}

TEST_P(PoolValues, OfArgumentsAreGivenBackThoughTheFuturesAreKept) {
  if (kSanitized) {
    GTEST_SKIP() << "a sanitizer does not give memory back";
  }
  constexpr std::size_t kBytes = std::size_t{1} << 20U;
  ProcessPoolExecutor executor(options());
  const std::size_t before = allocated_bytes();
  std::vector<Future<std::size_t>> futures;
  for (int task = 0; task < 50; ++task) {
    futures.push_back(executor.submit(size_of, std::string(kBytes, 'x')));
  }
  for (const auto& future : futures) {
    EXPECT_EQ(future.get(), kBytes);
  }
  executor.shutdown();
  EXPECT_LT(allocated_bytes(), before + 5 * kBytes);
}

}  // namespace
}  // namespace bulkhead
