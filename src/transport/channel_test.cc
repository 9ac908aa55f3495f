// Both ends of a channel in one process: what one sends the other receives, and nobody sleeps on.

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "transport/test_channel.h"

namespace bulkhead::transport {
namespace {

using test::dawdle;
using test::pattern;
using test::request;
using test::shared_number;
using test::shared_pattern;
using test::TestChannel;

/// A worker's loop: answers each call with its own argument, until it is told to stop.
void echo(WorkerEnd& worker) {
  for (;;) {
    const auto frame = worker.try_receive();
    if (!frame) {
      return;
    }
    if (!*frame) {
      worker.wait_for_request();
      continue;
    }
    if ((*frame)->kind == FrameKind::Stop) {
      return;
    }
    worker.send(FrameKind::Result, (*frame)->payload);
  }
}

/// The worker of a channel in a thread of its own, which ends with this object whatever the test
/// found.
class WorkerThread {
 public:
  template <class Life>
  WorkerThread(TestChannel& channel, Life life)
      : channel_(channel), thread_([this, life] {
          life(channel_.worker());
          is_over_ = true;
        }) {}
  ~WorkerThread() {
    channel_.program().send(request(FrameKind::Stop, 0));
    while (!is_over_) {
      [[maybe_unused]] const auto flushed = channel_.program().flush();
      [[maybe_unused]] const auto reply = channel_.program().receive();
      std::this_thread::yield();
    }
  }
  WorkerThread(const WorkerThread&) = delete;
  WorkerThread& operator=(const WorkerThread&) = delete;

 private:
  TestChannel& channel_;
  std::atomic<bool> is_over_{false};
  std::jthread thread_;
};

/// Sends and receives whenever the doorbell rings, until a reply is there.
std::optional<ProgramEnd::Reply> await_reply(TestChannel& channel) {
  for (;;) {
    EXPECT_TRUE(channel.program().flush().has_value());
    auto reply = channel.program().receive();
    EXPECT_TRUE(reply.has_value());
    if (*reply) {
      return std::move(*reply);
    }
    if (!channel.program().has_unread() && !channel.wait_for_doorbell()) {
      ADD_FAILURE() << "the doorbell never rang";
      return std::nullopt;
    }
  }
}

TEST(ChannelTest, RequestArrivesOnceItIsFlushed) {
  TestChannel channel;
  channel.program().send(request(FrameKind::Call, 9, shared_pattern(100)));
  EXPECT_FALSE(*channel.worker().try_receive());
  ASSERT_TRUE(channel.program().flush().has_value());
  const auto frame = channel.worker().try_receive();
  ASSERT_TRUE(frame && *frame);
  EXPECT_EQ((*frame)->kind, FrameKind::Call);
  EXPECT_EQ((*frame)->value, 9U);
  EXPECT_TRUE(Bytes((*frame)->payload.begin(), (*frame)->payload.end()) == pattern(100));
}

TEST(ChannelTest, RequestsArriveInTheirOrder) {
  TestChannel channel;
  for (std::uint64_t i = 0; i < 100; ++i) {
    channel.program().send(request(FrameKind::Call, i));
  }
  ASSERT_TRUE(channel.program().flush().has_value());
  for (std::uint64_t i = 0; i < 100; ++i) {
    EXPECT_EQ((**channel.worker().try_receive()).value, i);
  }
}

TEST(ChannelTest, ReplyRingsTheDoorbell) {
  TestChannel channel;
  EXPECT_FALSE(*channel.program().receive());
  EXPECT_FALSE(channel.was_rung());
  channel.worker().send(FrameKind::Result, pattern(10));
  EXPECT_TRUE(channel.was_rung());
  const auto reply = channel.program().receive();
  ASSERT_TRUE(reply && *reply);
  EXPECT_TRUE((*reply)->payload == pattern(10));
}

TEST(ChannelTest, SecondReplyRingsOnlyIfTheFirstWasRead) {
  TestChannel channel;
  channel.worker().send(FrameKind::Result, {});
  EXPECT_TRUE(channel.was_rung());
  channel.worker().send(FrameKind::Result, {});
  EXPECT_FALSE(channel.was_rung());
  while (*channel.program().receive()) {
  }
  channel.worker().send(FrameKind::Result, {});
  EXPECT_TRUE(channel.was_rung());
}

TEST(ChannelTest, ResultFromTheRoomRingsAtTheNextClaim) {
  TestChannel channel;
  channel.worker().room_for_result()[0] = std::byte{7};
  channel.worker().send_from_room(1);
  EXPECT_FALSE(channel.was_rung());
  Bytes seen;
  const auto take = [&seen](const PayloadRun& results) {
    seen.assign(results[0].begin(), results[0].end());
  };
  EXPECT_EQ(channel.program().receive_results(10, take), 1U);  // It is there before anybody rings.
  EXPECT_EQ(seen, Bytes(1, std::byte{7}));
  channel.worker().claim(1, false);
  EXPECT_TRUE(channel.was_rung());
}

TEST(ChannelTest, BusyProgramIsRungOnlyForARest) {
  TestChannel channel;
  channel.program().pay(Attention::Busy);
  channel.worker().send(FrameKind::Result, {});
  channel.worker().claim(1, false);
  EXPECT_FALSE(channel.was_rung());
  channel.worker().announce_rest();
  EXPECT_TRUE(channel.was_rung());
}

TEST(ChannelTest, BusyProgramIsNotRungForWhatItHasRead) {
  TestChannel channel;
  channel.program().pay(Attention::Busy);
  channel.worker().send(FrameKind::Result, {});
  while (*channel.program().receive()) {
  }
  channel.worker().announce_rest();
  EXPECT_FALSE(channel.was_rung());
}

TEST(ChannelTest, BusyProgramIsRungAtTheLastRequest) {
  TestChannel channel;
  channel.program().pay(Attention::Busy);
  channel.program().send({.kind = FrameKind::Call, .value = 1, .count = 1});
  channel.program().send({.kind = FrameKind::Call, .value = 2, .count = 1});
  ASSERT_TRUE(channel.program().flush());
  channel.worker().send(FrameKind::Result, {});
  ASSERT_TRUE(*channel.worker().try_receive());
  channel.worker().announce_if_last();
  EXPECT_FALSE(channel.was_rung());
  ASSERT_TRUE(*channel.worker().try_receive());
  channel.worker().announce_if_last();
  EXPECT_TRUE(channel.was_rung());
}

TEST(ChannelTest, AwakeProgramIsNeverRung) {
  TestChannel channel;
  channel.program().pay(Attention::Awake);
  channel.worker().send(FrameKind::Result, {});
  channel.worker().announce_rest();
  EXPECT_FALSE(channel.was_rung());
  channel.program().pay(Attention::Asleep);
  EXPECT_TRUE(channel.program().has_unread());
}

TEST(ChannelTest, ResultsAreTakenUpToTheFirstReplyOfAnotherKind) {
  TestChannel channel;
  for (std::size_t bytes = 0; bytes < 5; ++bytes) {
    channel.worker().send(FrameKind::Result, pattern(bytes));
  }
  channel.worker().send(FrameKind::Skipped, {});
  channel.worker().send(FrameKind::Result, pattern(6));
  std::size_t sum = 0;
  const auto take = [&sum](const PayloadRun& results) { sum += results.bytes * results.count; };
  EXPECT_EQ(channel.program().receive_results(2, take), 2U);
  EXPECT_EQ(channel.program().receive_results(10, take), 3U);
  EXPECT_EQ(sum, 0U + 1 + 2 + 3 + 4);
  EXPECT_EQ(channel.program().receive_results(10, take), 0U);
  EXPECT_EQ((**channel.program().receive()).kind, FrameKind::Skipped);
  EXPECT_EQ(channel.program().receive_results(10, take), 1U);
}

TEST(ChannelTest, ResultsOfEqualSizeAreTakenTogether) {
  TestChannel channel;
  for (const std::size_t bytes : {8U, 8U, 8U, 3U, 3U, 8U}) {
    channel.worker().send(FrameKind::Result, pattern(bytes, static_cast<unsigned>(bytes)));
  }
  std::vector<std::size_t> counts;
  const auto take = [&counts](const PayloadRun& results) {
    counts.push_back(results.count);
    for (std::size_t i = 0; i < results.count; ++i) {
      const auto expected = pattern(results.bytes, static_cast<unsigned>(results.bytes));
      EXPECT_TRUE(std::ranges::equal(results[i], expected));
    }
  };
  EXPECT_EQ(channel.program().receive_results(2, take), 2U);
  EXPECT_EQ(channel.program().receive_results(10, take), 4U);
  EXPECT_EQ(counts, (std::vector<std::size_t>{2, 1, 2, 1}));
}

TEST(ChannelTest, FullRingHasNoRoomForAResult) {
  TestChannel channel;
  std::size_t sent = 0;
  while (!channel.worker().room_for_result().empty()) {
    channel.worker().send_from_room(100);
    ++sent;
  }
  EXPECT_GT(sent, kRingBytes / 200);
  while (*channel.program().receive()) {
  }
  EXPECT_FALSE(channel.worker().room_for_result().empty());
}

TEST(ChannelTest, RequestsLargerThanTheRingWaitForSpace) {
  TestChannel channel;
  channel.program().send(request(FrameKind::Call, 1, shared_pattern(kRingBytes * 3)));
  ASSERT_TRUE(channel.program().flush().has_value());
  EXPECT_FALSE(channel.was_rung());

  // The worker reads what is there: the doorbell says that there is space.
  int turns = 0;
  for (;;) {
    const auto frame = channel.worker().try_receive();
    ASSERT_TRUE(frame.has_value());
    if (*frame) {
      EXPECT_TRUE(Bytes((*frame)->payload.begin(), (*frame)->payload.end()) ==
                  pattern(kRingBytes * 3));
      break;
    }
    ASSERT_TRUE(channel.was_rung()) << turns;
    ASSERT_TRUE(channel.program().flush().has_value());
    ++turns;
  }
  EXPECT_GE(turns, 3);
}

// A worker that rings for nothing costs the program a wake-up for every call.
TEST(ChannelTest, NobodyRingsForSpaceOnceTheBacklogIsWritten) {
  TestChannel channel;
  channel.program().send(request(FrameKind::Call, 1, shared_pattern(kRingBytes + 1)));
  ASSERT_TRUE(channel.program().flush().has_value());
  ASSERT_FALSE(*channel.worker().try_receive());
  ASSERT_TRUE(channel.was_rung());
  ASSERT_TRUE(channel.program().flush().has_value());
  ASSERT_TRUE(*channel.worker().try_receive());

  ASSERT_FALSE(*channel.worker().try_receive());
  EXPECT_FALSE(channel.was_rung());
}

TEST(ChannelTest, PingPongLosesNoWakeUp) {
  TestChannel channel;
  const WorkerThread worker(channel, echo);
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const auto number = shared_number(i);
    channel.program().send(request(FrameKind::Call, i, number));
    const auto reply = await_reply(channel);
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->payload, *number);
  }
}

TEST(ChannelTest, ManyInFlightLoseNoWakeUp) {
  TestChannel channel;
  const WorkerThread worker(channel, echo);
  std::uint64_t sent = 0;
  for (std::uint64_t received = 0; received < 50'000; ++received) {
    // Bursts of changing length, so that the ends meet in every state.
    while (sent < 50'000 && sent - received < 1 + received % 97) {
      const auto payload = shared_pattern((sent + 1) % 300);
      channel.program().send(request(FrameKind::Call, sent++, payload));
    }
    const auto reply = await_reply(channel);
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->payload, pattern((received + 1) % 300));
  }
}

TEST(ChannelTest, LargeFramesPassBothWaysAtOnce) {
  TestChannel channel;
  const WorkerThread worker(channel, echo);
  constexpr std::size_t kBytes = 1'000'003;
  const auto payload = shared_pattern(kBytes);
  for (std::uint64_t i = 0; i < 20; ++i) {
    channel.program().send(request(FrameKind::Call, i, payload));
  }
  for (std::uint64_t i = 0; i < 20; ++i) {
    const auto reply = await_reply(channel);
    ASSERT_TRUE(reply);
    ASSERT_TRUE(reply->payload == *payload);
  }
}

TEST(ChannelTest, FullReplyRingWaitsForASlowReader) {
  TestChannel channel;
  const WorkerThread worker(channel, [](WorkerEnd& end) {
    for (unsigned i = 0; i < 10'000; ++i) {
      end.send(FrameKind::Result, pattern(i % 700, i));
    }
  });
  for (unsigned i = 0; i < 10'000; ++i) {
    const auto reply = await_reply(channel);
    ASSERT_TRUE(reply);
    ASSERT_TRUE(reply->payload == pattern(i % 700, i)) << i;
    std::this_thread::yield();
  }
}

TEST(ChannelTest, ReplyAtAnyMomentRingsInTime) {
  constexpr std::uint64_t kReplies = 100'000;
  TestChannel channel;
  const WorkerThread worker(channel, [](WorkerEnd& end) {
    std::minstd_rand random(1);
    for (std::uint64_t i = 0; i < kReplies; ++i) {
      dawdle(random);
      end.send(FrameKind::Result, *shared_number(i));
    }
  });
  for (std::uint64_t i = 0; i < kReplies; ++i) {
    const auto reply = await_reply(channel);
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->payload, *shared_number(i));
  }
}

TEST(ChannelTest, RequestAtAnyMomentWakesTheWorker) {
  constexpr std::uint64_t kRequests = 100'000;
  TestChannel channel;
  std::minstd_rand random(1);
  std::atomic<std::uint64_t> received = 0;
  const WorkerThread worker(channel, [&received](WorkerEnd& end) {
    while (received < kRequests) {
      const auto frame = end.try_receive();
      if (frame && *frame) {
        ++received;
      } else {
        end.wait_for_request();
      }
    }
    end.send(FrameKind::Result, *shared_number(kRequests));
  });
  for (std::uint64_t i = 0; i < kRequests; ++i) {
    dawdle(random);
    channel.program().send(request(FrameKind::Call, i));
    ASSERT_TRUE(channel.program().flush().has_value());
  }
  const auto reply = await_reply(channel);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->payload, *shared_number(kRequests));
}

TEST(ChannelTest, WhatTheWorkerSaysOfItselfIsSeen) {
  TestChannel channel;
  EXPECT_EQ(channel.program().running(), std::nullopt);
  EXPECT_EQ(channel.program().busy_calls(), 0U);
  const auto before = std::chrono::steady_clock::now();
  ASSERT_TRUE(channel.worker().claim(0, true));
  EXPECT_EQ(channel.program().running(), 0U);
  EXPECT_GE(channel.program().started_at(), before);
  EXPECT_LE(channel.program().started_at(), std::chrono::steady_clock::now());
  channel.worker().report_busy(std::chrono::milliseconds(5), 17);
  EXPECT_EQ(channel.program().busy_ns(), 5'000'000U);
  EXPECT_EQ(channel.program().busy_calls(), 17U);
}

}  // namespace
}  // namespace bulkhead::transport
