// Workers that write into their replies what they please.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <atomic>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <string>

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
      : requests_(map("requests", PROT_READ)), replies_(map("replies", PROT_READ | PROT_WRITE)) {}

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

 private:
  static std::byte* map(const std::string& part, int protection) {
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      const auto target = std::filesystem::read_symlink(entry, gone).string();
      if (target.find("bulkhead-w") != std::string::npos &&
          target.find(part) != std::string::npos) {
        const int fd = std::stoi(entry.path().filename());
        struct stat memory {};
        ::fstat(fd, &memory);
        return static_cast<std::byte*>(::mmap(nullptr, static_cast<std::size_t>(memory.st_size),
                                              protection, MAP_SHARED, fd, 0));
      }
    }
    std::abort();
  }

  std::byte* requests_;
  std::byte* replies_;
};

class PoolHostile : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Pools, PoolHostile, two_pools(), name_of_kind);

/// Dies, and leaves a process behind that writes on, out of reach of the worker's kill.
int leave_a_writer_behind(const std::string& gate) {
  const OwnChannel channel;
  channel.fill(FrameKind::Leaving);
  if (::fork() == 0) {
    ::setsid();
    ::alarm(60);
    Gate::arrive(gate);
    for (;;) {
      channel.publish(transport::kRingBytes);
    }
  }
  Gate::pass(gate);
  ::_exit(3);
}

TEST_P(PoolHostile, AWriterThatOutlivesItsWorkerCannotHoldTheProgram) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const auto future = executor.submit(leave_a_writer_behind, gate.name());
  const int first = gate.await_arrival();
  const int second = gate.await_arrival();
  gate.let_pass(1);
  EXPECT_FALSE(future.outcome().has_value());
  const int writer = first == future.outcome().error().pid ? second : first;
  EXPECT_EQ(::kill(writer, SIGKILL), 0);
  EXPECT_TRUE(ends(writer));
}

}  // namespace
}  // namespace bulkhead
