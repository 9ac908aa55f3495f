// Bans against claims: two processes decide without a lock whether a call is started.

#include <array>
#include <atomic>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "transport/test_channel.h"

namespace bulkhead::transport {
namespace {

using test::dawdle;
using test::TestChannel;

TEST(ChannelBanTest, CallWithoutABanIsClaimed) {
  TestChannel channel;
  EXPECT_TRUE(channel.worker().claim(0, false));
  EXPECT_EQ(channel.program().running(), 0U);
}

TEST(ChannelBanTest, BannedCallIsNotStarted) {
  TestChannel channel;
  EXPECT_EQ(channel.program().ban(0, 2), std::nullopt);
  EXPECT_FALSE(channel.worker().claim(0, false));
  EXPECT_FALSE(channel.worker().claim(1, true));
  EXPECT_TRUE(channel.worker().claim(2, false));
  EXPECT_EQ(channel.program().running(), 2U);
}

TEST(ChannelBanTest, SkippedCallWasNeverRunning) {
  TestChannel channel;
  channel.program().ban(0, 1);
  channel.worker().claim(0, false);
  EXPECT_EQ(channel.program().running(), std::nullopt);
}

TEST(ChannelBanTest, BanTellsOfACallThatIsUnderWay) {
  TestChannel channel;
  ASSERT_TRUE(channel.worker().claim(0, false));
  ASSERT_TRUE(channel.worker().claim(1, false));
  EXPECT_EQ(channel.program().ban(1, 8), 1U);
  EXPECT_FALSE(channel.worker().claim(2, false));
}

TEST(ChannelBanTest, LiftedBanLeavesThePlaceToALaterCall) {
  TestChannel channel;
  channel.program().ban(5, 6);
  channel.program().lift_ban(5);
  EXPECT_TRUE(channel.worker().claim(5 + kMaxInFlight, false));
}

TEST(ChannelBanTest, AllCallsInFlightCanBeBanned) {
  TestChannel channel;
  channel.program().ban(1000, 1000 + kMaxInFlight);
  for (std::uint64_t i = 1000; i < 1000 + kMaxInFlight; ++i) {
    ASSERT_FALSE(channel.worker().claim(i, false));
  }
}

/// Lets two threads go on at the same moment, again and again.
class StartingLine {
 public:
  void meet() {
    const unsigned round = round_.load(std::memory_order_acquire);
    if (waiting_.fetch_add(1, std::memory_order_acq_rel) == 1) {
      waiting_.store(0, std::memory_order_relaxed);
      round_.store(round + 1, std::memory_order_release);
      return;
    }
    // Spins first: the closer the start, the tighter the race.
    for (int spins = 0; round_.load(std::memory_order_acquire) == round; ++spins) {
      if (spins > 1000) {
        std::this_thread::yield();
      }
    }
  }

 private:
  std::atomic<unsigned> waiting_{0};
  std::atomic<unsigned> round_{0};
};

constexpr std::uint64_t kRounds = 64 * 300;

TEST(ChannelBanTest, CallIsStartedOrCertainlyBannedHoweverTheRaceEnds) {
  TestChannel channel;
  StartingLine line;
  std::vector<char> started(kRounds);
  std::jthread worker([&] {
    std::minstd_rand random(1);
    for (std::uint64_t call = 0; call < kRounds; ++call) {
      line.meet();
      dawdle(random);
      started[call] = channel.worker().claim(call, false) ? 1 : 0;
      line.meet();
    }
  });
  std::minstd_rand random(2);
  std::uint64_t certain = 0;
  std::uint64_t wrong = 0;
  for (std::uint64_t call = 0; call < kRounds; ++call) {
    line.meet();
    dawdle(random);
    const auto claimed = channel.program().ban(call, call + 1);
    line.meet();
    const bool is_certain = !claimed || *claimed < call;
    certain += is_certain ? 1 : 0;
    wrong += is_certain && started[call] != 0 ? 1 : 0;
    channel.program().lift_ban(call);
  }
  EXPECT_EQ(wrong, 0U) << "calls were started that were certainly banned";
  RecordProperty("ban_came_first", std::to_string(certain));
}

// The worker runs through its calls while the program bans the rest of them: as in the recall of a
// chunk's tail.
TEST(ChannelBanTest, TailIsBannedFromTheLastClaimOn) {
  constexpr std::uint64_t kCalls = 64;
  TestChannel channel;
  StartingLine line;
  std::array<bool, kCalls> started{};
  std::jthread worker([&] {
    for (std::uint64_t first = 0; first < kRounds; first += kCalls) {
      line.meet();
      for (std::uint64_t i = 0; i < kCalls; ++i) {
        started[i] = channel.worker().claim(first + i, false);
      }
      line.meet();
    }
  });
  std::minstd_rand random(3);
  std::uint64_t wrong = 0;
  for (std::uint64_t first = 0; first < kRounds; first += kCalls) {
    line.meet();
    dawdle(random);
    const auto claimed = channel.program().ban(first, first + kCalls);
    line.meet();
    for (std::uint64_t i = 0; i < kCalls; ++i) {
      const bool is_certain = !claimed || *claimed < first + i;
      wrong += is_certain && started[i] ? 1 : 0;
      channel.program().lift_ban(first + i);
    }
  }
  EXPECT_EQ(wrong, 0U) << "calls were started that were certainly banned";
}

}  // namespace
}  // namespace bulkhead::transport
