#include "os/poller.h"

#include <fcntl.h>

#include <fstream>
#include <semaphore>
#include <thread>

#include <gtest/gtest.h>

#include "os/doorbell.h"

namespace bulkhead::os {
namespace {

using Clock = std::chrono::steady_clock;
using Tags = std::vector<Poller::Tag>;

constexpr Clock::time_point kAtOnce{};

struct PollerTest : testing::Test {
  Poller poller = std::move(*Poller::create());
  Doorbell bell = std::move(*Doorbell::create());
  Doorbell other = std::move(*Doorbell::create());
};

TEST_F(PollerTest, NothingHappenedGivesNoTagAtTheDeadline) {
  ASSERT_TRUE(poller.watch(bell.fd(), 1));
  const auto deadline = Clock::now() + std::chrono::milliseconds(2);
  EXPECT_EQ(poller.wait(deadline), Tags());
  EXPECT_GE(Clock::now(), deadline);
}

TEST_F(PollerTest, DeadlineOfLongAgoIsNow) {
  EXPECT_EQ(poller.wait(Clock::time_point::min()), Tags());
}

TEST_F(PollerTest, RingIsToldByItsTag) {
  ASSERT_TRUE(poller.watch(bell.fd(), 17));
  ASSERT_TRUE(poller.watch(other.fd(), 18));
  bell.ring();
  EXPECT_EQ(poller.wait(std::nullopt), Tags{17});
}

TEST_F(PollerTest, RingIsToldOnce) {
  ASSERT_TRUE(poller.watch(bell.fd(), 1));
  bell.ring();
  EXPECT_EQ(poller.wait(kAtOnce), Tags{1});
  EXPECT_EQ(poller.wait(kAtOnce), Tags());
  bell.ring();
  EXPECT_EQ(poller.wait(kAtOnce), Tags{1});
}

TEST_F(PollerTest, ManyRingsBeforeALookAreOneEvent) {
  ASSERT_TRUE(poller.watch(bell.fd(), 1));
  for (int i = 0; i < 1000; ++i) {
    bell.ring();
  }
  EXPECT_EQ(poller.wait(kAtOnce), Tags{1});
  EXPECT_EQ(poller.wait(kAtOnce), Tags());
}

TEST_F(PollerTest, RingBeforeTheWatchCounts) {
  bell.ring();
  ASSERT_TRUE(poller.watch(bell.fd(), 1));
  EXPECT_EQ(poller.wait(kAtOnce), Tags{1});
}

TEST_F(PollerTest, ClosedDescriptorIsWatchedNoMore) {
  {
    const Doorbell gone = std::move(*Doorbell::create());
    ASSERT_TRUE(poller.watch(gone.fd(), 1));
    gone.ring();
  }
  EXPECT_EQ(poller.wait(kAtOnce), Tags());
}

TEST_F(PollerTest, BadDescriptorIsAnError) {
  EXPECT_FALSE(poller.watch(-1, 1).has_value());
}

TEST_F(PollerTest, AlarmIsToldWhenItIsDueAndOnce) {
  const auto due = Clock::now() + std::chrono::milliseconds(2);
  poller.set_alarm(due);
  EXPECT_EQ(poller.wait(std::nullopt), Tags{Poller::kAlarm});
  EXPECT_GE(Clock::now(), due);
  EXPECT_EQ(poller.wait(kAtOnce), Tags());
}

TEST_F(PollerTest, AlarmInThePastIsDueAtOnce) {
  for (const auto when : {Clock::time_point(), Clock::time_point::min()}) {
    poller.set_alarm(when);
    EXPECT_EQ(poller.wait(std::nullopt), Tags{Poller::kAlarm});
  }
}

TEST_F(PollerTest, LaterAlarmTakesThePlaceOfTheFirst) {
  poller.set_alarm(Clock::now() + std::chrono::hours(1));
  poller.set_alarm(Clock::now());
  EXPECT_EQ(poller.wait(std::nullopt), Tags{Poller::kAlarm});
}

TEST_F(PollerTest, AlarmThatIsTakenBackIsNotTold) {
  poller.set_alarm(Clock::time_point());
  poller.set_alarm(std::nullopt);
  EXPECT_EQ(poller.wait(kAtOnce), Tags());
}

TEST_F(PollerTest, AlarmAtTheEndOfTimeIsNotDue) {
  poller.set_alarm(Clock::time_point::max());
  EXPECT_EQ(poller.wait(kAtOnce), Tags());
}

/// A thread that waits for one event.
class Waiter {
 public:
  explicit Waiter(const Poller& poller)
      : thread_([this, &poller] {
          id_ = ::gettid();
          began_.release();
          told_ = poller.wait(std::nullopt);
          ended_.release();
        }) {
    began_.acquire();
  }
  /// Returns when the thread sleeps, which the system tells (proc(5)).
  void await_sleep() const {
    for (std::string state; state != "S"; std::this_thread::yield()) {
      std::ifstream status("/proc/self/task/" + std::to_string(id_) + "/stat");
      std::string ignored;
      status >> ignored >> ignored >> state;
    }
  }
  /// What it was told.
  Tags await() {
    ended_.acquire();
    return told_;
  }

 private:
  pid_t id_ = 0;
  Tags told_;
  std::binary_semaphore began_{0};
  std::binary_semaphore ended_{0};
  std::jthread thread_;
};

TEST_F(PollerTest, EventIsGivenToTheThreadThatBeganToWaitLast) {
  ASSERT_TRUE(poller.watch(bell.fd(), 1));
  ASSERT_TRUE(poller.watch(other.fd(), 2));
  Waiter first(poller);
  first.await_sleep();
  Waiter second(poller);
  second.await_sleep();
  bell.ring();
  EXPECT_EQ(second.await(), Tags{1});
  other.ring();
  EXPECT_EQ(first.await(), Tags{2});
}

TEST(DoorbellTest, IsClosedOnExec) {
  const auto bell = Doorbell::create();
  ASSERT_TRUE(bell.has_value());
  EXPECT_NE(::fcntl(bell->fd(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(DoorbellTest, RingNeverBlocksHoweverFullItIs) {
  const auto bell = Doorbell::create();
  ASSERT_TRUE(bell.has_value());
  const std::uint64_t most = ~std::uint64_t{0} - 1;
  ASSERT_EQ(::write(bell->fd(), &most, sizeof most), static_cast<ssize_t>(sizeof most));
  bell->ring();
}

}  // namespace
}  // namespace bulkhead::os
