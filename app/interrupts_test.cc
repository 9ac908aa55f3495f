#include "interrupts.h"

#include <unistd.h>

#include <csignal>
#include <semaphore>

#include <gtest/gtest.h>

namespace bulkhead {
namespace {

void send(int signal) {
  ASSERT_EQ(::kill(::getpid(), signal), 0);
}

class InterruptsTest : public testing::Test {
 protected:
  // nohup, and scripts that run the tests in the background, have had some of them ignored.
  InterruptsTest() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      std::signal(signal, SIG_DFL);
    }
  }

  std::binary_semaphore first{0};
  std::binary_semaphore second{0};

  Interrupts::Watch watch(Interrupts& interrupts) {
    return interrupts.watch([this] { first.release(); }, [this] { second.release(); });
  }
};

TEST_F(InterruptsTest, FirstSignalAsksAndTheSecondInsists) {
  Interrupts interrupts;
  const auto watching = watch(interrupts);
  send(SIGTERM);
  first.acquire();
  EXPECT_FALSE(second.try_acquire());
  send(SIGINT);
  second.acquire();
  EXPECT_EQ(interrupts.first_signal(), SIGTERM);
  EXPECT_EQ(interrupts.count(), 2);
}

TEST_F(InterruptsTest, SignalBeforeTheWatchIsNotLost) {
  Interrupts interrupts;
  send(SIGHUP);
  const auto watching = watch(interrupts);
  first.acquire();
  EXPECT_EQ(interrupts.first_signal(), SIGHUP);
}

TEST_F(InterruptsTest, SignalWithoutAWatchIsTakenWhenAskedFor) {
  Interrupts interrupts;
  EXPECT_EQ(interrupts.take_pending(), 0);
  send(SIGTERM);
  EXPECT_EQ(interrupts.take_pending(), SIGTERM);
  send(SIGINT);
  EXPECT_EQ(interrupts.take_pending(), SIGTERM);
  EXPECT_EQ(interrupts.count(), 2);
}

TEST_F(InterruptsTest, IgnoredSignalStaysIgnored) {
  const auto before = std::signal(SIGHUP, SIG_IGN);
  {
    Interrupts interrupts;
    const auto watching = watch(interrupts);
    send(SIGHUP);
    send(SIGTERM);
    first.acquire();
    EXPECT_EQ(interrupts.first_signal(), SIGTERM);
  }
  std::signal(SIGHUP, before);
}

TEST_F(InterruptsTest, SignalThatEndsAWatchEndsNoneWhenOthersSendIt) {
  Interrupts interrupts;
  const auto watching = watch(interrupts);
  send(SIGUSR1);
  send(SIGTERM);
  first.acquire();
  EXPECT_EQ(interrupts.first_signal(), SIGTERM);
}

TEST_F(InterruptsTest, WatchEndsWithoutASignal) {
  Interrupts interrupts;
  { const auto watching = watch(interrupts); }
  EXPECT_EQ(interrupts.count(), 0);
  EXPECT_EQ(interrupts.first_signal(), 0);
}

TEST_F(InterruptsTest, SignalAtTheEndOfAWatchIsNotLost) {
  constexpr int kRounds = 1000;
  for (int i = 0; i < kRounds; ++i) {
    Interrupts interrupts;
    {
      const auto watching = interrupts.watch([this] { first.release(); }, [] {});
      send(SIGTERM);
      first.acquire();  // Now it waits, or is about to.
      send(SIGINT);
    }
    interrupts.take_pending();
    ASSERT_EQ(interrupts.count(), 2);
  }
}

TEST_F(InterruptsTest, BrokenPipeIsOneFirstSignal) {
  const auto before = std::signal(SIGPIPE, SIG_DFL);
  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  {
    Interrupts interrupts;
    const auto watching = watch(interrupts);
    EXPECT_LT(::write(ends[1], "x", 1), 0);
    first.acquire();
    EXPECT_EQ(interrupts.first_signal(), SIGPIPE);
    EXPECT_LT(::write(ends[1], "x", 1), 0);
    send(SIGTERM);
    second.acquire();
    EXPECT_EQ(interrupts.count(), 2);
    EXPECT_LT(::write(ends[1], "x", 1), 0);
  }
  ::close(ends[1]);
  EXPECT_EQ(std::signal(SIGPIPE, before), SIG_DFL);
}

TEST_F(InterruptsTest, BrokenPipeWithoutAWatchIsTakenWhenAskedFor) {
  const auto before = std::signal(SIGPIPE, SIG_DFL);
  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  {
    Interrupts interrupts;
    EXPECT_LT(::write(ends[1], "x", 1), 0);
    EXPECT_EQ(interrupts.take_pending(), SIGPIPE);
    EXPECT_LT(::write(ends[1], "x", 1), 0);
  }
  ::close(ends[1]);
  std::signal(SIGPIPE, before);
}

TEST_F(InterruptsTest, SignalsMeanAfterwardsWhatTheyMeantBefore) {
  { const Interrupts interrupts; }
  sigset_t mask{};
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGPIPE}) {
    EXPECT_EQ(::sigismember(&mask, signal), 0) << signal;
  }
}

}  // namespace
}  // namespace bulkhead
