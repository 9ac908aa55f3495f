// A worker dies at each step of the protocol: nothing is lost, nothing is started twice, and blame
// falls on the task that was started and not replied to, or on none.

#include <cstdlib>
#include <fstream>
#include <map>
#include <ranges>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <bulkhead/bulkhead.h>

#include "faults/transport/fault_step.h"
#include "pool_test.h"

namespace bulkhead {
namespace {

using transport::FaultStep;

constexpr int kItems = 60;

class PoolFault : public PoolTest {
 protected:
  PoolFault()
      : folder_(::testing::TempDir() + "faults-" + std::to_string(::getpid())),
        starts_(folder_ + "/starts") {
    std::filesystem::create_directory(folder_);
  }
  ~PoolFault() override {
    ::unsetenv("BULKHEAD_TEST_FAULT");
    std::filesystem::remove_all(folder_);
  }

  /// The next pool's first worker that comes to this step for the `count`th time dies there.
  void let_one_die_at(FaultStep step, int count) const {
    const std::string order =
        std::to_string(static_cast<int>(step)) + " " + std::to_string(count) + " " + died();
    ::setenv("BULKHEAD_TEST_FAULT", order.c_str(), 1);
  }
  bool one_has_died() const { return std::filesystem::exists(died()); }

  const std::string& starts_file() const { return starts_; }
  std::map<int, int> starts() const {
    std::map<int, int> count;
    std::ifstream in(starts_);
    for (int item = 0; in >> item;) {
      ++count[item];
    }
    return count;
  }

 private:
  std::string died() const { return folder_ + "/died"; }

  const std::string folder_;
  const std::string starts_;
};

struct Item {
  int number = 0;
  std::string starts;
  std::size_t bytes = 0;
};

/// Writes down that it was started, in one piece; gives back a text that only it can give.
std::string note_and_answer(const Item& item) {
  const int file = ::open(item.starts.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  const std::string line = std::to_string(item.number) + "\n";
  [[maybe_unused]] const auto written = ::write(file, line.data(), line.size());
  ::close(file);
  return std::to_string(item.number) + std::string(item.bytes, 'x');
}

enum class Blame : std::uint8_t { Nobody, WhoWasStarted };

struct Fault {
  FaultStep step;
  int count;
  Blame blame;
  int starts_of_the_blamed;
  std::size_t bytes;  ///< of a result
};

constexpr std::size_t kSmall = 10;
constexpr std::size_t kLarge = 600'000;  // More than the ring holds.

class PoolFaultTest : public PoolFault {
 protected:
  void expect(const Fault& fault) {
    let_one_die_at(fault.step, fault.count);
    ProcessPoolExecutor executor(options());
    if (fault.step == FaultStep::Parking) {
      wait_for_the_death_of_an_idle_worker(executor);
    }
    std::vector<Item> items;
    for (int i = 0; i < kItems; ++i) {
      items.push_back({i, starts_file(), fault.bytes});
    }
    int blamed = -1;
    int number = 0;
    auto results = executor.map(note_and_answer, items);
    for (const auto& outcome : results.outcomes()) {
      if (outcome) {
        EXPECT_EQ(*outcome, std::to_string(number) + std::string(fault.bytes, 'x'));
      } else {
        EXPECT_EQ(blamed, -1) << "a second one: " << outcome.error().message();
        EXPECT_EQ(outcome.error().signal, SIGKILL);
        EXPECT_EQ(outcome.error().attempts, 1U);
        EXPECT_EQ(outcome.error().index, static_cast<std::uint64_t>(number));
        blamed = number;
      }
      ++number;
    }
    EXPECT_EQ(number, kItems);
    executor.shutdown();
    EXPECT_TRUE(one_has_died()) << "the fault never came";
    EXPECT_EQ(blamed != -1, fault.blame == Blame::WhoWasStarted);
    EXPECT_EQ(executor.stats().crashed, fault.blame == Blame::WhoWasStarted ? 1U : 0U);
    expect_one_start_each(blamed, fault.starts_of_the_blamed);
  }

 private:
  void wait_for_the_death_of_an_idle_worker(ProcessPoolExecutor& executor) const {
    EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
    while (!one_has_died()) {
      std::this_thread::yield();
    }
  }

  void expect_one_start_each(int blamed, int starts_of_the_blamed) const {
    auto count = starts();
    for (int i = 0; i < kItems; ++i) {
      EXPECT_EQ(count[i], i == blamed ? starts_of_the_blamed : 1) << "starts of " << i;
    }
  }
};

TEST_P(PoolFaultTest, AfterARequestWasTakenOutOfTheRingLosesNothing) {
  expect({FaultStep::Received, 1, Blame::Nobody, 0, kSmall});
}
TEST_P(PoolFaultTest, BeforeTheClaimLosesNothing) {
  expect({FaultStep::BeforeClaim, 3, Blame::Nobody, 0, kSmall});
}
TEST_P(PoolFaultTest, AfterTheClaimAndBeforeTheStartLosesNothing) {
  expect({FaultStep::Claimed, 3, Blame::Nobody, 0, kSmall});
}
TEST_P(PoolFaultTest, AfterTheStartFailsThatTaskThoughItsFunctionNeverRan) {
  expect({FaultStep::Running, 3, Blame::WhoWasStarted, 0, kSmall});
}
TEST_P(PoolFaultTest, BeforeTheResultIsVisibleFailsThatTaskThoughItRan) {
  expect({FaultStep::Written, 3, Blame::WhoWasStarted, 1, kSmall});
}
TEST_P(PoolFaultTest, InTheMiddleOfALargeResultFailsThatTask) {
  expect({FaultStep::InReply, 1, Blame::WhoWasStarted, 1, kLarge});
}
TEST_P(PoolFaultTest, BetweenTheResultAndTheDoorbellLosesNothing) {
  expect({FaultStep::Published, 3, Blame::Nobody, 0, kSmall});
}
TEST_P(PoolFaultTest, BeforeItSaysThatItIsReadyLosesNothing) {
  expect({FaultStep::Written, 1, Blame::Nobody, 0, kSmall});
}
TEST_P(PoolFaultTest, OnTheWayToSleepLosesNothing) {
  expect({FaultStep::Parking, 1, Blame::Nobody, 0, kSmall});
}

INSTANTIATE_TEST_SUITE_P(Pools, PoolFaultTest, every_pool(), name_of_kind);

}  // namespace
}  // namespace bulkhead
