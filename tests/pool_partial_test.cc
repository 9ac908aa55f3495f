// Functions with bound values: what is bound travels with the function, once to each worker.

#include <map>
#include <ranges>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <bulkhead/inline_executor.h>

#include "pool_test.h"

namespace bulkhead {
namespace {

char letter_at(const std::string& text, int at) {
  return text[static_cast<std::size_t>(at)];
}

/// Counts in this process how often it arrived, and how many are there.
struct Counted {
  Counted() { ++living; }
  Counted(const Counted& other) : bytes(other.bytes) { ++living; }
  Counted(Counted&& other) noexcept : bytes(std::move(other.bytes)) { ++living; }
  Counted& operator=(const Counted&) = default;
  Counted& operator=(Counted&&) = default;
  ~Counted() { --living; }

  template <class Archive>
  void serialize(Archive& archive) {
    if constexpr (std::is_same_v<Archive, Decoder>) {
      ++arrivals;
    }
    archive(bytes);
  }

  std::vector<char> bytes;
  static inline int arrivals = 0;  // NOLINT: of a process, which is what is counted
  static inline int living = 0;    // NOLINT
};

struct Seen {
  int pid = 0;
  int arrivals = 0;
};
Seen arrivals_in_worker(const Counted&, int) {
  return {victims::process_id(), Counted::arrivals};
}
int living_in_worker() {
  return Counted::living;
}

class PoolPartial : public PoolTest {
 protected:
  void SetUp() override {
    PoolTest::SetUp();
    Counted::arrivals = 0;  // A forked worker goes on from the program's number.
  }
};
INSTANTIATE_TEST_SUITE_P(Every, PoolPartial, every_pool(), name_of_kind);

TEST_P(PoolPartial, BindsValuesThatAreNotTriviallyCopyable) {
  ProcessPoolExecutor executor(options());
  const std::string text = "bulkhead";
  const auto letters = executor.map(partial(letter_at, text), std::views::iota(0, 8)).collect();
  EXPECT_EQ(std::string(letters.begin(), letters.end()), text);
  EXPECT_EQ(executor.submit(partial(letter_at, text), 3).get(), 'k');
}

TEST_P(PoolPartial, LargeValueOfAMapArrivesOnceInEachWorker) {
  ProcessPoolExecutor executor(options());
  Counted value;
  value.bytes.assign(std::size_t{10} << 20U, 'x');
  std::set<int> workers;
  for (const Seen& seen :
       executor.map(partial(arrivals_in_worker, std::move(value)), std::views::iota(0, 2000))) {
    EXPECT_EQ(seen.arrivals, 1);
    workers.insert(seen.pid);
  }
  EXPECT_LE(workers.size(), GetParam().max_workers);
}

TEST_P(PoolPartial, ObjectThatIsSubmittedAgainArrivesOnceInEachWorker) {
  ProcessPoolExecutor executor(options());
  const auto function = partial(arrivals_in_worker, Counted());
  for (int i = 0; i < 50; ++i) {
    const auto copy = function;
    EXPECT_EQ(executor.submit(copy, i).get().arrivals, 1);
  }
}

TEST_P(PoolPartial, WorkersDropWhatNobodyCanUseAnyMore) {
  PoolOptions one = options();
  one.max_workers = 1;
  ProcessPoolExecutor executor(one);
  const int before = executor.submit(living_in_worker).get();
  {
    const auto function = partial(arrivals_in_worker, Counted());
    executor.submit(function, 0).get();
    EXPECT_EQ(executor.submit(living_in_worker).get(), Counted::living);
  }
  executor.submit(living_in_worker).get();  // Says that the values above are gone.
  EXPECT_EQ(executor.submit(living_in_worker).get(), before);
}

TEST_P(PoolPartial, ArrivesAgainInAWorkerThatTakesTheDeadOnesPlace) {
  PoolOptions one = options();
  one.max_workers = 1;
  ProcessPoolExecutor executor(one);
  const auto function = partial(letter_at, std::string("bulkhead"));
  EXPECT_EQ(executor.submit(function, 0).get(), 'b');
  EXPECT_THROW(executor.submit(victims::kill_itself).get(), WorkerCrashed);
  EXPECT_EQ(executor.submit(function, 1).get(), 'u');
}

TEST_P(PoolPartial, BindsTextSpansAndOtherPartials) {
  ProcessPoolExecutor executor(options());
  const auto join = [](const std::string& a, const std::vector<int>& b, const std::string& c) {
    return a + std::to_string(b.at(1)) + c;
  };
  const std::vector<int> numbers{4, 5, 6};
  const auto inner = partial(join, "a");
  const auto outer = partial(inner, std::span<const int>(numbers));
  EXPECT_EQ(executor.submit(outer, std::string_view("c")).get(), "a5c");
  EXPECT_EQ(outer("c"), "a5c");
}

TEST_P(PoolPartial, OfALambdaKeepsItsCaptures) {
  ProcessPoolExecutor executor(options());
  const int factor = 3;
  const auto look_up = [factor](const std::map<std::string, int>& table, const std::string& key) {
    return factor * table.at(key);
  };
  const std::map<std::string, int> table{{"one", 1}, {"two", 2}};
  const std::vector<std::string> keys{"two", "one"};
  EXPECT_EQ(executor.map(partial(look_up, table), keys).collect(), (std::vector<int>{6, 3}));
}

TEST(InlinePartial, ArrivesOnceForAllItemsOfAMap) {
  InlineExecutor executor;
  const int before = Counted::arrivals;
  for (const Seen& seen :
       executor.map(partial(arrivals_in_worker, Counted()), std::views::iota(0, 100))) {
    EXPECT_EQ(seen.arrivals, before + 1);
  }
}

}  // namespace
}  // namespace bulkhead
