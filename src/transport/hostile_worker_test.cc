// A worker that writes whatever it likes into the memory that it may write.

#include <cstring>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "transport/memory_size.h"
#include "transport/test_channel.h"

namespace bulkhead::transport {
namespace {

using test::pattern;
using test::request;
using Random = std::mt19937_64;

/// The program's end of a channel, and the reply memory as a hostile worker holds it.
struct Attack {
  Attack() : program(std::move(*ProgramEnd::create("test"))) {
    auto mapped = os::RingMapping::map(program->reply_memory(), header_bytes<ReplyHeader>(),
                                       kRingBytes, os::RingMapping::Access::ReadWrite);
    EXPECT_TRUE(mapped.has_value());
    memory = std::move(*mapped);
  }
  ReplyHeader& words() const { return *static_cast<ReplyHeader*>(memory.header()); }
  std::span<std::byte> body() const { return {memory.body(), kRingBytes}; }

  std::unique_ptr<ProgramEnd> program;
  os::RingMapping memory;
};

/// A number that is often nearly right, because those lies get furthest.
std::uint64_t plausible(Random& random) {
  const std::uint64_t any = random();
  switch (random() % 4) {
    case 0:
      return any;
    case 1:
      return any % 64;
    case 2:
      return any % (2 * kRingBytes);
    default:
      return any % (kRingBytes / 8) * 8;
  }
}

/// Fills the body with random bytes and, here and there, with headers that are nearly right.
void scribble_body(std::span<std::byte> body, Random& random) {
  for (std::size_t at = 0; at + sizeof(std::uint64_t) <= body.size(); at += sizeof(std::uint64_t)) {
    const std::uint64_t word = random();
    std::memcpy(body.data() + at, &word, sizeof word);
  }
  for (std::size_t at = 0; at + sizeof(FragmentHeader) <= body.size();) {
    const std::uint32_t bytes = static_cast<std::uint32_t>(random() % 300);
    const bool wild = random() % 32 == 0;
    const FragmentHeader header{
        wild ? static_cast<std::uint32_t>(random()) : bytes,
        static_cast<FrameKind>(random() % (wild ? 256 : 9) + (wild ? 0 : 1)), random() % 2 == 0, 0,
        random()};
    std::memcpy(body.data() + at, &header, sizeof header);
    at += header_size(header.kind) + padded(bytes);
  }
}

void scribble_words(ReplyHeader& words, Random& random) {
  words.head = plausible(random);
  words.request_tail = random() % 8 == 0 ? plausible(random) : 0;
  words.claimed = plausible(random);
  words.running = plausible(random);
  words.started_at = static_cast<std::int64_t>(random());
  words.busy_ns = random();
  words.busy_calls = random();
  words.parked = static_cast<std::uint32_t>(random());
}

/// Everything that a program does with a worker; false: it found a violation.
bool use(ProgramEnd& program, std::uint64_t call) {
  program.send(request(FrameKind::Call, call, test::shared_pattern(call % 1000)));
  if (!program.flush()) {
    return false;
  }
  program.ban(call, call + 3);
  program.lift_ban(call);
  [[maybe_unused]] const auto said =
      std::tuple(program.running(), program.started_at(), program.busy_ns(), program.busy_calls());
  for (int i = 0; i < 100; ++i) {
    program.receive_results(3, [](const PayloadRun& results) {
      for (std::size_t result = 0; result < results.count; ++result) {
        const auto bytes = results[result];
        EXPECT_EQ(Bytes(bytes.begin(), bytes.end()).size(), results.bytes);
      }
    });
    const auto reply = program.receive();
    if (!reply) {
      return false;
    }
    if (!*reply) {
      break;
    }
    EXPECT_LE((*reply)->payload.size(), 100 * kRingBytes);
  }
  return true;
}

TEST(HostileWorkerTest, RandomMemoryGivesFramesOrAViolation) {
  int violations = 0;
  for (unsigned seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    Attack attack;
    scribble_body(attack.body(), random);
    for (std::uint64_t call = 0; call < 8; ++call) {
      scribble_words(attack.words(), random);
      if (!use(*attack.program, call)) {
        ++violations;
        break;
      }
    }
  }
  EXPECT_GT(violations, 50);  // Most of it is not even nearly right.
}

TEST(HostileWorkerTest, MemoryThatChangesWhileItIsReadGivesFramesOrAViolation) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Attack attack;
    Random setup(seed);
    scribble_body(attack.body(), setup);
    std::atomic<bool> over = false;
    std::jthread worker([&attack, &over, seed] {
      Random random(seed);
      std::uint64_t head = 0;
      while (!over) {
        // The head advances as an honest one would; the bytes before it go on changing.
        head += random() % 512;
        attack.words().head = head;
        const std::size_t at = random() % (kRingBytes / 8) * 8;
        const std::uint64_t word = random() % 2 == 0 ? random() : random() % 1024;
        std::atomic_ref(*reinterpret_cast<std::uint64_t*>(attack.body().data() + at))
            .store(word, std::memory_order_relaxed);
      }
    });
    for (std::uint64_t call = 0; call < 2000; ++call) {
      if (!use(*attack.program, call)) {
        break;
      }
    }
    over = true;
  }
}

TEST(HostileWorkerTest, ImpossibleRequestPositionIsAViolation) {
  Attack attack;
  attack.words().request_tail = 1;
  attack.program->send(request(FrameKind::Call, 0));
  EXPECT_FALSE(attack.program->flush().has_value());
}

TEST(HostileWorkerTest, ReceiveComesBackFromAWorkerThatNeverStopsSending) {
  Attack attack;
  RingWriter writer({attack.memory.body(), kRingBytes}, attack.words().head,
                    attack.words().request_tail);
  std::atomic<bool> over = false;
  // A fragment of a frame that never ends, in every place, and a head that keeps just ahead.
  for (std::size_t at = 0; at < kRingBytes; at += 32) {
    const FragmentHeader header{24, FrameKind::Result, true, 0, 0};
    std::memcpy(attack.body().data() + at, &header, sizeof header);
  }
  auto program_position =
      os::RingMapping::map(attack.program->request_memory(), header_bytes<RequestHeader>(),
                           kRingBytes, os::RingMapping::Access::ReadOnly);
  ASSERT_TRUE(program_position.has_value());
  const auto& theirs = *static_cast<const RequestHeader*>(program_position->header());
  attack.words().head = kRingBytes;
  std::jthread worker([&] {
    while (!over) {
      attack.words().head = theirs.reply_tail + kRingBytes;
    }
  });
  const auto reply = attack.program->receive();
  over = true;
  ASSERT_TRUE(reply.has_value()) << reply.error().rule;
  EXPECT_FALSE(*reply);
}

}  // namespace
}  // namespace bulkhead::transport
