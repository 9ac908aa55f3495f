#pragma once

#include <fcntl.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "os/poller.h"
#include "os/shared_memory.h"
#include "transport/program_end.h"
#include "transport/worker_end.h"

namespace bulkhead::transport::test {

/// A ring of its own in memory that is mapped twice in a row, with both of its positions.
struct TestRing {
  explicit TestRing(std::size_t body_bytes = os::page_size()) : bytes(body_bytes) {
    auto fd = os::create_shared_memory("test ring", body_bytes);
    EXPECT_TRUE(fd.has_value());
    auto mapped =
        os::RingMapping::map(fd->get(), 0, body_bytes, os::RingMapping::Access::ReadWrite);
    EXPECT_TRUE(mapped.has_value());
    mapping = std::move(*mapped);
  }
  std::span<std::byte> body() const { return {mapping.body(), bytes}; }
  RingWriter writer() { return {body(), head, tail}; }
  RingReader reader() { return {body(), head, tail}; }

  const std::size_t bytes;
  os::RingMapping mapping;
  Position head{0};
  Position tail{0};
};

/// Bytes that differ from place to place, so that a lost or doubled piece is seen.
inline Bytes pattern(std::size_t bytes, unsigned seed = 1) {
  Bytes result(bytes);
  std::uint32_t state = seed * 2654435761U + 1;
  for (auto& byte : result) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<std::byte>(state >> 24U);
  }
  return result;
}

inline std::shared_ptr<const Bytes> shared_pattern(std::size_t bytes, unsigned seed = 1) {
  return std::make_shared<const Bytes>(pattern(bytes, seed));
}

/// The bytes of a number.
inline std::shared_ptr<const Bytes> shared_number(std::uint64_t number) {
  const auto* first = reinterpret_cast<const std::byte*>(&number);
  return std::make_shared<const Bytes>(first, first + sizeof number);
}

/// A request for one call, or for something else.
inline Request request(FrameKind kind, std::uint64_t value,
                       const std::shared_ptr<const Bytes>& payload = nullptr) {
  return {.kind = kind,
          .value = value,
          .count = 1,
          .payload = payload ? std::span<const std::byte>(*payload) : std::span<const std::byte>(),
          .keeper = payload};
}

/// Takes a little while, a different one each time, so that the race is won by either side.
inline void dawdle(std::minstd_rand& random) {
  for (std::atomic<unsigned> left = random() % 64; left > 0; --left) {
  }
  if (random() % 16 == 0) {
    std::this_thread::yield();
  }
}

inline os::UniqueFd duplicate(int fd) {
  return os::UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

/// Both ends of a channel in one process, and the doorbell watched as a program would.
class TestChannel {
 public:
  TestChannel()
      : program_(std::move(*ProgramEnd::create("test"))),
        worker_(std::move(*WorkerEnd::open(duplicate(program_->request_memory()),
                                           duplicate(program_->reply_memory()),
                                           os::Doorbell(duplicate(program_->doorbell())),
                                           os::ControlSocket(duplicate(program_->handover()))))),
        poller_(std::move(*os::Poller::create())) {
    EXPECT_TRUE(poller_.watch(program_->doorbell(), 1).has_value());
  }

  ProgramEnd& program() { return *program_; }
  WorkerEnd& worker() { return *worker_; }

  /// The doorbell has been rung since it was last asked for.
  bool was_rung() { return !poller_.wait(std::chrono::steady_clock::time_point()).empty(); }
  /// Sleeps until the doorbell rings; false: it did not in a time that only a lost wake-up takes.
  bool wait_for_doorbell() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < deadline) {
      if (!poller_.wait(deadline).empty()) {
        return true;
      }
    }
    return false;
  }

 private:
  std::unique_ptr<ProgramEnd> program_;
  std::unique_ptr<WorkerEnd> worker_;
  os::Poller poller_;
};

}  // namespace bulkhead::transport::test
