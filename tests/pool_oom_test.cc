// A worker that the kernel kills because memory is short is told apart from one that somebody else
// killed.

#include <csignal>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <bulkhead/bulkhead.h>

#include "gate.h"
#include "memory_group.h"
#include "pool_test.h"
#include "victims.h"

namespace bulkhead {
namespace {

constexpr std::size_t kLimit = std::size_t{512} << 20U;

/// Takes twice the memory that there is.
std::size_t take_too_much() {
  constexpr std::size_t kPiece = std::size_t{1} << 20U;
  std::vector<std::string> pieces;
  while (pieces.size() * kPiece < 2 * kLimit) {
    pieces.emplace_back(kPiece, 'x');
  }
  return pieces.size();
}

class PoolOutOfMemory : public PoolTest {
 protected:
  void SetUp() override {
    if (!group_) {
      GTEST_SKIP() << "no control group can be made here";
    }
    PoolTest::SetUp();
  }
  void TearDown() override {
    if (group_) {
      PoolTest::TearDown();
    }
  }

  static Failure failure_of(const Future<std::size_t>& future) {
    const auto outcome = future.outcome();
    EXPECT_FALSE(outcome.has_value());
    return outcome ? Failure() : outcome.error();
  }

 private:
  const std::optional<MemoryGroup> group_ = MemoryGroup::enter(kLimit);
};
INSTANTIATE_TEST_SUITE_P(Pools, PoolOutOfMemory, two_pools(), name_of_kind);

TEST_P(PoolOutOfMemory, TheFailureSaysThatTheKernelKilledForWantOfMemory) {
  ProcessPoolExecutor executor(options());
  const auto before = executor.submit(victims::square, 3);
  const Failure failure = failure_of(executor.submit(take_too_much));
  EXPECT_EQ(failure.signal, SIGKILL);
  EXPECT_TRUE(failure.evidence->out_of_memory) << failure.report();
  EXPECT_EQ(failure.message(), "killed by SIGKILL (worker " + std::to_string(failure.pid) +
                                   "): memory was short, and the kernel killed a process of its "
                                   "control group");
  EXPECT_EQ(before.get(), 9);
  EXPECT_EQ(executor.submit(victims::square, 4).get(), 16);
  EXPECT_EQ(executor.stats().crashed, 1U);
}

int pass_and_die(const std::string& gate) {
  Gate::pass(gate);
  return victims::kill_itself();
}

TEST_P(PoolOutOfMemory, ExplainsOneDeathAndNoOther) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const auto other = executor.submit(pass_and_die, gate.name());
  gate.await_arrival();
  EXPECT_TRUE(failure_of(executor.submit(take_too_much)).evidence->out_of_memory);
  gate.open();
  const auto outcome = other.outcome();
  EXPECT_FALSE(outcome.error().evidence->out_of_memory) << outcome.error().report();
  EXPECT_TRUE(failure_of(executor.submit(take_too_much)).evidence->out_of_memory);
}

}  // namespace
}  // namespace bulkhead
