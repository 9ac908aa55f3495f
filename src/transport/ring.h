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

  /// Bytes that can be written now; nullopt: the consumer's position is a lie. The consumer's word
  /// is only looked at if less than `wanted` is known to be free.
  std::optional<std::size_t> room(std::size_t wanted = SIZE_MAX) noexcept {
    const std::size_t known = capacity_ - static_cast<std::size_t>(written_ - seen_tail_);
    return known >= wanted ? known : look_for_room();
  }

  /// Where the next `bytes` go; they must fit into room().
  std::span<std::byte> next(std::size_t bytes) const noexcept {
    return {body_ + written_ % capacity_, bytes};
  }
  /// The same, and they are written: the next ones go behind them.
  std::span<std::byte> reserve(std::size_t bytes) noexcept {
    const auto place = next(bytes);
    written_ += bytes;
    return place;
  }

  /// Makes all that was reserved visible to the consumer. Who goes on to look whether the other end
  /// sleeps needs a full fence in between (Dekker's pattern).
  void publish() noexcept {
    // Pairs with the load in RingReader::look: the bytes come before the position.
    head_->store(written_, std::memory_order_release);
    published_ = written_;
  }

  /// What was published last.
  std::uint64_t published() const noexcept { return published_; }

 private:
  std::optional<std::size_t> look_for_room() noexcept;

  std::byte* body_;
  std::size_t capacity_;
  Position* head_;
  const Position* tail_;
  std::uint64_t written_ = 0;
  std::uint64_t published_ = 0;
  std::uint64_t seen_tail_ = 0;  ///< the consumer's position when it was last looked at
};

/// Reading end of the same ring.
class RingReader {
 public:
  RingReader(std::span<const std::byte> body_mapped_twice, const Position& head, Position& tail)
      : body_(body_mapped_twice.data()),
        capacity_(body_mapped_twice.size()),
        head_(&head),
        tail_(&tail) {}

  /// What was published when this last looked, and is not yet consumed; if that is nothing it looks
  /// again. nullopt: the producer's position is a lie.
  /// The bytes stay valid until release(), but a hostile producer may still change them.
  std::optional<std::span<const std::byte>> readable() noexcept {
    if (seen_head_ == consumed_ && !look()) {
      return std::nullopt;
    }
    return std::span(body_ + consumed_ % capacity_,
                     static_cast<std::size_t>(seen_head_ - consumed_));
  }
  /// There is something to read, or the producer lies.
  bool has_more() const noexcept {
    return seen_head_ != consumed_ || head_->load(std::memory_order_seq_cst) != consumed_;
  }

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
  bool look() noexcept;

  const std::byte* body_;
  std::size_t capacity_;
  const Position* head_;
  Position* tail_;
  std::uint64_t consumed_ = 0;
  std::uint64_t released_ = 0;
  std::uint64_t seen_head_ = 0;  ///< the producer's position when it was last looked at
};

}  // namespace bulkhead::transport
