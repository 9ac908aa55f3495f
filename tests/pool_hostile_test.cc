// Workers that write into their replies what they please.

#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <atomic>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>

#include "gate.h"
#include "pool_test.h"
#include "process_end.h"
#include "transport/frame.h"
#include "transport/layout.h"
#include "transport/memory_size.h"

namespace bulkhead {
namespace {

using transport::FrameKind;
using transport::ReplyHeader;
using transport::RequestHeader;

/// In a worker: its channel, mapped once more, in all processes that it forks.
class OwnChannel {
 public:
  OwnChannel()
      : requests_(map(" requests", PROT_READ)),
        replies_(map(" replies", PROT_READ | PROT_WRITE)),
        doorbell_(find("[eventfd]")) {}

  /// Fills the ring with frames of this kind that carry nothing.
  void fill(FrameKind kind) const {
    const transport::FragmentHeader empty{.kind = kind};
    constexpr std::size_t kBytes = 8;  // Replies have no number.
    std::byte* const ring = replies_ + transport::header_bytes<ReplyHeader>();
    for (std::size_t at = 0; at < transport::kRingBytes; at += kBytes) {
      std::memcpy(ring + at, &empty, kBytes);
    }
  }
  /// Says that so many bytes follow what the program has read.
  void publish(std::size_t bytes) const {
    auto* const theirs = reinterpret_cast<const RequestHeader*>(requests_);
    auto* const mine = reinterpret_cast<ReplyHeader*>(replies_);
    mine->head.store(theirs->reply_tail.load() + bytes);
  }
  /// Wakes the program.
  void ring() const { ::eventfd_write(doorbell_, 1); }

 private:
  /// The open file of this name.
  static int find(const std::string& name) {
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      const auto target = std::filesystem::read_symlink(entry, gone).string();
      if (target.find(name) != std::string::npos) {
        return std::stoi(entry.path().filename());
      }
    }
    std::abort();
  }
  static std::byte* map(const std::string& part, int protection) {
    const int fd = find(part);
    struct stat memory {};
    ::fstat(fd, &memory);
    return static_cast<std::byte*>(
        ::mmap(nullptr, static_cast<std::size_t>(memory.st_size), protection, MAP_SHARED, fd, 0));
  }

  std::byte* requests_;
  std::byte* replies_;
  int doorbell_;
};

class PoolHostile : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Pools, PoolHostile, two_pools(), name_of_kind);

/// Dies, and leaves a process behind that writes on, out of reach of the worker's kill.
int leave_a_writer_behind(const std::string& gate) {
  const OwnChannel channel;
  channel.fill(FrameKind::HookFailed);
  const pid_t writer = ::fork();
  if (writer == 0) {
    ::setsid();
    ::alarm(60);
    Gate::arrive(gate);
    for (;;) {
      channel.publish(transport::kRingBytes);
    }
  }
  while (::getsid(writer) != writer) {
    std::this_thread::yield();
  }
  ::_exit(3);
}

TEST_P(PoolHostile, AWriterThatOutlivesItsWorkerCannotHoldTheProgram) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const auto future = executor.submit(leave_a_writer_behind, gate.name());
  const int writer = gate.await_arrival();
  EXPECT_FALSE(future.outcome().has_value());
  EXPECT_EQ(::kill(writer, SIGKILL), 0);  // It was still there.
  EXPECT_TRUE(ends(writer));
}

/// Says the same again and again, and never ends.
int repeat(FrameKind kind) {
  const OwnChannel channel;
  channel.fill(kind);
  ::alarm(60);
  for (;;) {
    channel.publish(8);
    channel.ring();
  }
}

class PoolHostileWords : public PoolHostile {
 protected:
  /// A worker that repeats this is killed for it.
  void expect_killed_for_repeating(FrameKind kind) {
    ProcessPoolExecutor executor(options());
    const auto outcome = executor.submit(repeat, kind).outcome();
    ASSERT_FALSE(outcome.has_value());
    EXPECT_NE(outcome.error().message().find("it broke the protocol"), std::string::npos)
        << outcome.error().message();
  }
};
INSTANTIATE_TEST_SUITE_P(Pools, PoolHostileWords, two_pools(), name_of_kind);

TEST_P(PoolHostileWords, AWorkerSaysOnceThatItLeaves) {
  expect_killed_for_repeating(FrameKind::Leaving);
}

TEST_P(PoolHostileWords, AWorkerSaysOnceThatItIsReady) {
  expect_killed_for_repeating(FrameKind::Ready);
}

}  // namespace
}  // namespace bulkhead
