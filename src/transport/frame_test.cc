#include "transport/frame.h"

#include <cstring>
#include <thread>

#include <gtest/gtest.h>

#include "transport/test_channel.h"

namespace bulkhead::transport {
namespace {

using test::pattern;
using test::TestRing;

/// The header as it lies in the ring, with room for every lie.
struct RawHeader {
  std::uint32_t bytes = 0;
  std::uint8_t kind = 1;
  std::uint8_t more = 0;
  std::uint16_t count = 0;
  std::uint64_t value = 0;
};
static_assert(sizeof(RawHeader) == sizeof(FragmentHeader));

struct FramePipe {
  TestRing ring{kRingBytes};
  RingWriter writer = ring.writer();
  FrameReader reader{ring.reader()};

  /// Writes one header as it is, and `published` bytes in all.
  void forge(const RawHeader& header, std::size_t published) {
    const auto space = writer.reserve(published);
    std::memcpy(space.data(), &header, std::min(sizeof header, published));
    writer.publish();
  }
};

struct Received {
  FrameKind kind;
  std::uint64_t value;
  Bytes payload;
};

/// Writes the frame and reads it, in turns, as often as it takes.
Received pass(FramePipe& pipe, const Frame& frame) {
  std::size_t offset = 0;
  bool written = false;
  for (;;) {
    if (!written) {
      const auto whole = write_frame(pipe.writer, frame, offset);
      EXPECT_TRUE(whole.has_value());
      written = *whole;
      pipe.writer.publish();
    }
    const auto received = pipe.reader.next();
    EXPECT_TRUE(received.has_value());
    if (*received) {
      EXPECT_TRUE(written);
      const auto& got = **received;
      return {got.kind, got.value, Bytes(got.payload.begin(), got.payload.end())};
    }
  }
}

class FrameSizeTest : public testing::TestWithParam<std::size_t> {};

TEST_P(FrameSizeTest, ArrivesWhole) {
  FramePipe pipe;
  const auto payload = pattern(GetParam());
  const auto got = pass(pipe, {FrameKind::Call, 77, payload});
  EXPECT_EQ(got.kind, FrameKind::Call);
  EXPECT_EQ(got.value, 77U);
  EXPECT_TRUE(got.payload == payload);
}

TEST_P(FrameSizeTest, ArrivesWholeAtEveryPlaceOfTheRing) {
  FramePipe pipe;
  const auto payload = pattern(GetParam());
  // 41 steps of an odd number of words: every alignment to the end of the ring that matters.
  for (unsigned i = 0; i < 41; ++i) {
    pass(pipe, {FrameKind::Call, i, pattern(8 * 823, i)});
    const auto got = pass(pipe, {FrameKind::Call, i, payload});
    ASSERT_EQ(got.value, i);
    ASSERT_TRUE(got.payload == payload) << i;
  }
}

TEST_P(FrameSizeTest, StreamsFromThreadToThread) {
  FramePipe pipe;
  constexpr unsigned kFrames = 5;
  const auto payload = pattern(GetParam());
  std::jthread producer([&] {
    for (unsigned i = 0; i < kFrames; ++i) {
      std::size_t offset = 0;
      while (!*write_frame(pipe.writer, {FrameKind::Call, i, payload}, offset)) {
        pipe.writer.publish();
        std::this_thread::yield();
      }
      pipe.writer.publish();
    }
  });
  for (unsigned i = 0; i < kFrames;) {
    const auto frame = pipe.reader.next();
    ASSERT_TRUE(frame.has_value()) << frame.error().rule;
    if (!*frame) {
      std::this_thread::yield();
      continue;
    }
    ASSERT_EQ((*frame)->value, i++);
    ASSERT_EQ((*frame)->payload.size(), payload.size());
    ASSERT_EQ(std::memcmp((*frame)->payload.data(), payload.data(), payload.size()), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, FrameSizeTest,
                         testing::Values(1, 7, 8, 9, 4095, 4096, 4097, kMaxFragmentBytes - 1,
                                         kMaxFragmentBytes, kMaxFragmentBytes + 1,
                                         2 * kMaxFragmentBytes, kRingBytes - 16, kRingBytes,
                                         kRingBytes + 1, std::size_t{10'000'000}),
                         testing::PrintToStringParamName());

TEST(FrameTest, EmptyPayloadIsAFrame) {
  FramePipe pipe;
  const auto got = pass(pipe, {FrameKind::Skipped, 5, {}});
  EXPECT_EQ(got.kind, FrameKind::Skipped);
  EXPECT_TRUE(got.payload.empty());
}

TEST(FrameTest, EveryKindArrives) {
  FramePipe pipe;
  for (auto kind = 1; kind <= static_cast<int>(kLastFrameKind); ++kind) {
    EXPECT_EQ(pass(pipe, {static_cast<FrameKind>(kind), 1, {}}).kind, static_cast<FrameKind>(kind));
  }
}

TEST(FrameTest, ReplyHasNoNumber) {
  FramePipe pipe;
  EXPECT_EQ(pass(pipe, {FrameKind::Result, 77, pattern(9)}).value, 0U);
  EXPECT_FALSE(*pipe.reader.next());
  EXPECT_EQ(pipe.reader.released(), 8U + 16U);
}

TEST(FrameTest, FullRingTakesWhatFitsAndGoesOnLater) {
  FramePipe pipe;
  const auto payload = pattern(kRingBytes);
  std::size_t offset = 0;
  std::size_t before = 0;
  do {
    before = offset;
    EXPECT_FALSE(*write_frame(pipe.writer, {FrameKind::Call, 1, payload}, offset));
  } while (offset != before);
  EXPECT_GT(offset, 3 * kRingBytes / 4);
  EXPECT_LT(offset, payload.size());
  pipe.writer.publish();
  EXPECT_FALSE(*pipe.reader.next());  // Read and given back, but not complete.
  EXPECT_TRUE(*write_frame(pipe.writer, {FrameKind::Call, 1, payload}, offset));
  EXPECT_EQ(offset, payload.size());
}

TEST(FrameTest, LieAboutTheRestOfAFrameTakesLittleMemory) {
  for (const int to_come : {0, 1, UINT16_MAX}) {
    FramePipe pipe;
    constexpr std::size_t kHeaderBytes = header_size(FrameKind::Result);
    for (const bool more : {true, false}) {
      const FragmentHeader header{8, FrameKind::Result, more, static_cast<std::uint16_t>(to_come)};
      auto space = pipe.writer.reserve(kHeaderBytes + 8);
      std::memcpy(space.data(), &header, kHeaderBytes);
    }
    pipe.writer.publish();
    const auto frame = pipe.reader.next();
    ASSERT_TRUE(frame && *frame);
    EXPECT_EQ((*frame)->payload.size(), 16U);
    EXPECT_LT(pipe.reader.take_payload(**frame).capacity(), std::size_t{64} << 20U);
  }
}

TEST(FrameTest, RoomNeededIsEnoughToGetOn) {
  for (const std::size_t left :
       {std::size_t{0}, std::size_t{1}, std::size_t{4096}, std::size_t{4097}, kRingBytes}) {
    FramePipe pipe;
    pipe.writer.reserve(kRingBytes - room_needed(left));
    const auto payload = pattern(left);
    std::size_t offset = 0;
    const bool whole = *write_frame(pipe.writer, {FrameKind::Call, 1, payload}, offset);
    EXPECT_EQ(whole, left <= 4096) << left;
    EXPECT_EQ(offset, std::min<std::size_t>(left, 4096));
  }
}

TEST(FrameTest, LessThanRoomNeededWritesNothing) {
  FramePipe pipe;
  pipe.writer.reserve(kRingBytes - room_needed(100) + 8);
  const auto payload = pattern(100);
  std::size_t offset = 0;
  EXPECT_FALSE(*write_frame(pipe.writer, {FrameKind::Call, 1, payload}, offset));
  EXPECT_EQ(offset, 0U);
}

TEST(FrameTest, WriterRefusesAReaderThatLies) {
  FramePipe pipe;
  pipe.ring.tail = 8;
  std::size_t offset = 0;
  EXPECT_FALSE(write_frame(pipe.writer, {FrameKind::Call, 1, {}}, offset).has_value());
}

TEST(FrameTest, SpaceIsGivenBackWhenAllIsRead) {
  FramePipe pipe;
  pass(pipe, {FrameKind::Call, 1, {}});
  EXPECT_EQ(pipe.reader.released(), 0U);  // The frame is still its receiver's.
  EXPECT_FALSE(*pipe.reader.next());
  EXPECT_EQ(pipe.reader.released(), sizeof(FragmentHeader));
}

struct Lie {
  const char* name;
  RawHeader header;
  std::size_t published;
};
void PrintTo(const Lie& lie, std::ostream* out) {
  *out << lie.name;
}

class HostileFrameTest : public testing::TestWithParam<Lie> {};

TEST_P(HostileFrameTest, IsRefused) {
  FramePipe pipe;
  pipe.forge(GetParam().header, GetParam().published);
  EXPECT_FALSE(pipe.reader.next().has_value());
}

TEST_P(HostileFrameTest, IsNotTakenAsAWholeFrame) {
  FramePipe pipe;
  pipe.forge(GetParam().header, GetParam().published);
  EXPECT_EQ(pipe.reader.take_whole(FrameKind::Result, 100, [](const PayloadRun&) {}), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Lies, HostileFrameTest,
    testing::Values(
        Lie{"CutShort", {}, 15}, Lie{"OneByte", {}, 1},
        Lie{"LongerThanPublished", {.bytes = 9}, 24}, Lie{"PaddingNotPublished", {.bytes = 7}, 23},
        Lie{"LongestThereIs", {.bytes = 0xFFFFFFFF}, 1024},
        Lie{"PaddingOverflows", {.bytes = 0xFFFFFFF9}, 1024},
        Lie{"LongerThanAFragment", {.bytes = kMaxFragmentBytes + 1}, kRingBytes},
        Lie{"ReplyCutShort", {.kind = 7}, 7},
        Lie{"ReplyLongerThanPublished", {.bytes = 9, .kind = 7}, 16},
        Lie{"LongestReply", {.bytes = 0xFFFFFFFF, .kind = 7}, 1024},
        Lie{"KindZero", {.kind = 0}, 16},
        Lie{"KindAfterTheLast", {.kind = static_cast<std::uint8_t>(kLastFrameKind) + 1}, 16},
        Lie{"Kind255", {.kind = 255}, 16}, Lie{"MoreIsTwo", {.more = 2}, 16},
        Lie{"MoreIs255", {.more = 255}, 16}, Lie{"EmptyButMoreToCome", {.more = 1}, 16}),
    [](const auto& lie) { return lie.param.name; });

TEST(HostileWriterTest, WriterPositionAheadIsRefused) {
  FramePipe pipe;
  pipe.ring.head = kRingBytes + 8;
  EXPECT_TRUE(pipe.reader.has_more());
  EXPECT_FALSE(pipe.reader.next().has_value());
}

TEST(HostileWriterTest, WriterPositionBackwardsIsRefused) {
  FramePipe pipe;
  pass(pipe, {FrameKind::Call, 1, pattern(100)});
  pipe.ring.head = 8;
  EXPECT_FALSE(pipe.reader.next().has_value());
}

// A frame that never ends must not keep its reader from its other work.
TEST(HostileWriterTest, EndlessFrameIsReadInTurns) {
  FramePipe pipe;
  const auto refill = [&pipe] {
    while (*pipe.writer.room() >= sizeof(RawHeader) + 8) {
      pipe.forge({.bytes = 8, .more = 1}, sizeof(RawHeader) + 8);
    }
  };
  refill();
  std::atomic<bool> returned = false;
  std::jthread hostile([&] {
    while (!returned) {
      refill();
    }
  });
  const auto frame = pipe.reader.next();
  returned = true;
  ASSERT_TRUE(frame.has_value());
  EXPECT_FALSE(*frame);
}

}  // namespace
}  // namespace bulkhead::transport
