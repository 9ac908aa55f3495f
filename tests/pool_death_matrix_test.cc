// Every way to die in every phase of a task: it fails that task alone, and the failure says how and
// when.

#include <sys/mman.h>

#include <csignal>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <bulkhead/bulkhead.h>

#include "pool_test.h"
#include "victims.h"

namespace bulkhead {
namespace {

using namespace std::chrono_literals;

struct Way {
  const char* name;
  int (*die)();
  FailureKind kind;
  int number;  ///< of the signal, or the exit status
};

int exit_with_0() {
  return victims::exit_with(0);
}
int exit_with_42() {
  return victims::exit_with(42);
}
int exit_at_once() {
  return victims::exit_at_once_with(1);
}
int overflow() {
  return victims::overflow_the_stack(0);
}

constexpr Way kWays[] = {
    {"exit(0)", exit_with_0, FailureKind::Exited, 0},
    {"exit(42)", exit_with_42, FailureKind::Exited, 42},
    {"_exit(1)", exit_at_once, FailureKind::Exited, 1},
    {"abort", victims::abort_process, FailureKind::Crashed, SIGABRT},
    {"terminate", victims::terminate_process, FailureKind::Crashed, SIGABRT},
    {"throw out of noexcept", victims::throw_out_of_noexcept, FailureKind::Crashed, SIGABRT},
    {"null pointer", victims::write_to_null, FailureKind::Crashed, SIGSEGV},
    {"wild pointer", victims::write_far_away, FailureKind::Crashed, SIGSEGV},
    {"stack overflow", overflow, FailureKind::Crashed, SIGSEGV},
    {"division by zero", victims::divide_by_zero, FailureKind::Crashed, SIGFPE},
    {"page without a file", victims::read_beyond_a_file, FailureKind::Crashed, SIGBUS},
    {"SIGKILL", victims::kill_itself, FailureKind::Crashed, SIGKILL},
    {"SIGTERM", victims::terminate_itself, FailureKind::Crashed, SIGTERM},
    {"SIGSTOP", victims::stop_itself, FailureKind::TimedOut, 0},
    {"endless loop", victims::spin, FailureKind::TimedOut, 0},
    {"another program", victims::become_another_program, FailureKind::Exited, 0},
};
constexpr int kHowMany = static_cast<int>(std::size(kWays));

/// Dies in the way and the phase that it is told, but never in the process that is its home.
class Doomed {
 public:
  Doomed() = default;
  Doomed(int way, TaskPhase phase, int home) : way_(way), phase_(phase), home_(home) {}
  Doomed(const Doomed&) = default;
  Doomed(Doomed&& other) noexcept
      : way_(std::exchange(other.way_, -1)), phase_(other.phase_), home_(other.home_) {}
  Doomed& operator=(const Doomed&) = delete;
  Doomed& operator=(Doomed&& other) noexcept {
    way_ = std::exchange(other.way_, -1);
    phase_ = other.phase_;
    home_ = other.home_;
    return *this;
  }
  ~Doomed() { die_in(TaskPhase::Destroy); }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(way_, phase_, home_);
    die_in(std::same_as<Archive, Encoder> ? TaskPhase::Encode : TaskPhase::Decode);
  }

  void die_in(TaskPhase now) const {
    if (way_ >= 0 && phase_ == now && home_ != ::getpid()) {
      kWays[way_].die();
    }
  }

 private:
  int way_ = -1;
  TaskPhase phase_ = TaskPhase::None;
  int home_ = 0;
};

int take(const Doomed& doomed) {
  doomed.die_in(TaskPhase::Run);
  return 1;
}

Doomed make(int way, TaskPhase phase, int home) {
  return {way, phase, home};
}

class PoolDeathMatrix : public PoolTest {
 protected:
  void SetUp() override {
    PoolTest::SetUp();
    allow_standard_error();  // std::terminate says so there.
  }

  static void expect_death(const Failure& failure, const Way& way, TaskPhase phase) {
    EXPECT_EQ(failure.kind, way.kind) << failure.report();
    EXPECT_EQ(failure.kind == FailureKind::Exited ? failure.exit_status : failure.signal,
              way.number)
        << failure.report();
    EXPECT_EQ(failure.phase, phase) << failure.report();
    EXPECT_EQ(failure.attempts, 1U);
    EXPECT_GT(failure.pid, 0);
    EXPECT_NE(failure.evidence, nullptr);
  }

  /// `start` submits the task that dies in the given way.
  template <class Start>
  static void expect_deaths(TaskPhase phase, Start start) {
    ProcessPoolExecutor executor(options());
    for (int way = 0; way < kHowMany; ++way) {
      SCOPED_TRACE(kWays[way].name);
      const TaskOptions limited{.timeout = kWays[way].kind == FailureKind::TimedOut ? 20ms : 0ms};
      const auto before = executor.submit(victims::square, way);
      const auto victim = start(executor, limited, way);
      const auto after = executor.submit(victims::square, way + 1);
      const auto outcome = victim.outcome();
      ASSERT_FALSE(outcome.has_value());
      expect_death(outcome.error(), kWays[way], phase);
      EXPECT_EQ(before.get(), way * way);
      EXPECT_EQ(after.get(), (way + 1) * (way + 1));
    }
  }

  static void expect_deaths_of_argument(TaskPhase phase) {
    expect_deaths(phase, [&](auto& executor, const TaskOptions& limited, int way) {
      return executor.submit(limited, take, Doomed(way, phase, ::getpid()));
    });
  }
  static void expect_deaths_of_result(TaskPhase phase) {
    expect_deaths(phase, [&](auto& executor, const TaskOptions& limited, int way) {
      return executor.submit(limited, make, way, phase, ::getpid());
    });
  }
};

TEST_P(PoolDeathMatrix, WhileAnArgumentIsDecoded) {
  expect_deaths_of_argument(TaskPhase::Decode);
}
TEST_P(PoolDeathMatrix, WhileABoundValueIsDecoded) {
  expect_deaths(TaskPhase::Decode, [](auto& executor, const TaskOptions& limited, int way) {
    return executor.submit(limited, partial(take, Doomed(way, TaskPhase::Decode, ::getpid())));
  });
}
TEST_P(PoolDeathMatrix, WhileTheFunctionRuns) {
  expect_deaths_of_argument(TaskPhase::Run);
}
TEST_P(PoolDeathMatrix, WhileAResultIsEncoded) {
  expect_deaths_of_result(TaskPhase::Encode);
}
TEST_P(PoolDeathMatrix, WhileAnArgumentIsDestroyed) {
  expect_deaths_of_argument(TaskPhase::Destroy);
}
TEST_P(PoolDeathMatrix, WhileAResultIsDestroyed) {
  expect_deaths_of_result(TaskPhase::Destroy);
}

INSTANTIATE_TEST_SUITE_P(Pools, PoolDeathMatrix, two_pools(), name_of_kind);

// ---- all of them in one map

/// Four items in five do no harm.
constexpr int kStride = 5;

int die_at_every_fifth(int item) {
  return item % kStride == 0 ? kWays[item / kStride % kHowMany].die() : item;
}

int take_with_item(const Doomed& doomed, int item) {
  return take(doomed) + item;
}

class PoolDeathsInAMap : public PoolDeathMatrix {};

TEST_P(PoolDeathsInAMap, WhileAValueBoundToItIsDecodedFailEachItemOnce) {
  ProcessPoolExecutor executor(options());
  const auto neighbour = executor.map(victims::square, std::views::iota(0, 100));
  const Doomed doomed(4, TaskPhase::Decode, ::getpid());
  auto results = executor.map(partial(take_with_item, doomed), std::views::iota(0, 20));
  int items = 0;
  for (const auto& outcome : results.outcomes()) {
    ASSERT_FALSE(outcome.has_value());
    expect_death(outcome.error(), kWays[4], TaskPhase::Decode);
    ++items;
  }
  EXPECT_EQ(items, 20);
  EXPECT_EQ(executor.stats().crashed, 20U);
  EXPECT_TRUE(executor.is_open());
}

TEST_P(PoolDeathsInAMap, FailTheirOwnItemsAndNoOthers) {
  ProcessPoolExecutor executor(options());
  std::vector<int> items;
  for (int item = 0; item < kHowMany * kStride; ++item) {
    const bool hangs = kWays[item / kStride].kind == FailureKind::TimedOut;
    if (item % kStride != 0 || !hangs) {
      items.push_back(item);
    }
  }
  auto results = executor.map(die_at_every_fifth, items);
  std::uint64_t index = 0;
  for (const auto& outcome : results.outcomes()) {
    const int item = items[index];
    SCOPED_TRACE(item);
    if (item % kStride != 0) {
      ASSERT_TRUE(outcome.has_value()) << outcome.error().report();
      EXPECT_EQ(*outcome, item);
    } else {
      ASSERT_FALSE(outcome.has_value());
      expect_death(outcome.error(), kWays[item / kStride], TaskPhase::Run);
      EXPECT_EQ(outcome.error().index, index);
    }
    ++index;
  }
  EXPECT_EQ(index, items.size());
}

INSTANTIATE_TEST_SUITE_P(Pools, PoolDeathsInAMap, every_pool(), name_of_kind);

}  // namespace
}  // namespace bulkhead
