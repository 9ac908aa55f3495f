// What a map takes from its input, keeps, and leaves behind.

#include <ranges>
#include <string>
#include <vector>

#include "gate.h"
#include "pool_test.h"

namespace bulkhead {
namespace {

int pass_gate(int item, const std::string& gate) {
  Gate::pass(gate);
  return item;
}

/// A value that knows how many of its kind there are in this process.
class Counted {
 public:
  Counted() { ++alive; }
  Counted(const Counted& other) : number_(other.number_) { ++alive; }
  Counted& operator=(const Counted&) = default;
  ~Counted() { --alive; }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(number_);
  }

  static inline int alive = 0;

 private:
  int number_ = 0;
};
Counted same(const Counted& value) {
  return value;
}

class PoolMapLifetime : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Every, PoolMapLifetime, every_pool(), name_of_kind);

TEST_P(PoolMapLifetime, AFullWindowTakesNothingMoreAlsoAfterShutdown) {
  ProcessPoolExecutor executor(options());
  int taken = 0;
  auto numbers = std::views::iota(0) | std::views::transform([&taken](int item) {
                   ++taken;
                   return item;
                 });
  auto results = executor.map({.buffersize = 4}, victims::square, numbers);
  EXPECT_EQ(taken, 4);
  EXPECT_TRUE(executor.wait_until_idle(std::chrono::hours(1)));
  EXPECT_EQ(taken, 4);
  executor.shutdown();
  EXPECT_EQ(taken, 4);
  EXPECT_EQ(*results.begin(), 0);
  EXPECT_EQ(taken, 4);
}

TEST_P(PoolMapLifetime, WhenItIsDestroyedItsRunningItemsEndAndNoOtherStarts) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  executor.boot_up();
  const std::vector<std::string> names(1000, gate.name());
  {
    const auto results = executor.map(pass_gate, std::views::iota(0), names);
    for (unsigned worker = 0; worker < executor.max_workers(); ++worker) {
      gate.await_arrival();
    }
  }
  gate.open();
  EXPECT_TRUE(executor.wait_until_idle(std::chrono::hours(1)));
  EXPECT_EQ(executor.stats().completed, executor.max_workers());
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
}

TEST_P(PoolMapLifetime, HoldsNoArgumentAndNoResultButTheOneThatIsLookedAt) {
  ProcessPoolExecutor executor(options());
  auto values = std::views::iota(0, 100) | std::views::transform([](int) { return Counted(); });
  {
    auto results = executor.map(same, values);
    EXPECT_EQ(Counted::alive, 0);
    int delivered = 0;
    for (auto item = results.begin(); item != results.end(); ++item) {
      EXPECT_EQ(Counted::alive, 1);
      ++delivered;
    }
    EXPECT_EQ(delivered, 100);
  }
  EXPECT_EQ(Counted::alive, 0);
}

}  // namespace
}  // namespace bulkhead
