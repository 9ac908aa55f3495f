#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "transport/layout.h"

namespace bulkhead::transport {

/// Writing end of a single-producer, single-consumer ring of bytes in shared memory.
///
/// The body must be mapped twice in a row (os::RingMapping), so that every record is contiguous.
/// The producer's truth is private: `head` is only ever written, and the consumer's `tail` is read
/// once and checked. Bytes become visible with publish(), all at once: a producer that dies before
/// it leaves no half record.
class RingWriter {
 public:
  RingWriter(std::span<std::byte> body_mapped_twice, Position& head, const Position& tail)
      : body_(body_mapped_twice.data()),
        capacity_(body_mapped_twice.size()),
        head_(&head),
        tail_(&tail) {}

  std::size_t capacity() const noexcept { return capacity_; }

  /// Bytes that can be written now; nullopt: the consumer's position is a lie.
  std::optional<std::size_t> room() const noexcept;

  /// Where the next `bytes` go; they must fit into room().
  std::span<std::byte> reserve(std::size_t bytes) noexcept;

  /// Makes all that was reserved visible to the consumer.
  void publish() noexcept;

  /// What was published last.
  std::uint64_t published() const noexcept { return published_; }

 private:
  std::byte* body_;
  std::size_t capacity_;
  Position* head_;
  const Position* tail_;
  std::uint64_t written_ = 0;
  std::uint64_t published_ = 0;
};

/// Reading end of the same ring.
class RingReader {
 public:
  RingReader(std::span<const std::byte> body_mapped_twice, const Position& head, Position& tail)
      : body_(body_mapped_twice.data()),
        capacity_(body_mapped_twice.size()),
        head_(&head),
        tail_(&tail) {}

  /// All that is published and not yet consumed; nullopt: the producer's position is a lie.
  /// The bytes stay valid until release(), but a hostile producer may still change them.
  std::optional<std::span<const std::byte>> readable() const noexcept;

  /// The first `bytes` of readable() are done with.
  void consume(std::size_t bytes) noexcept { consumed_ += bytes; }

  /// Gives what was consumed back to the producer.
  void release() noexcept;

  /// Consumed, not yet given back.
  std::size_t held() const noexcept { return static_cast<std::size_t>(consumed_ - released_); }
  std::size_t capacity() const noexcept { return capacity_; }
  /// What was given back last.
  std::uint64_t released() const noexcept { return released_; }

 private:
  const std::byte* body_;
  std::size_t capacity_;
  const Position* head_;
  Position* tail_;
  std::uint64_t consumed_ = 0;
  std::uint64_t released_ = 0;
};

}  // namespace bulkhead::transport
