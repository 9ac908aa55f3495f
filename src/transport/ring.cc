#include "transport/ring.h"

#include <cassert>

namespace bulkhead::transport {

std::optional<std::size_t> RingWriter::room() const noexcept {
  // Pairs with the store in RingReader::release: what lies before tail is no longer read.
  const std::uint64_t tail = tail_->load(std::memory_order_seq_cst);
  const std::uint64_t unread = written_ - tail;
  if (unread > capacity_) {
    return std::nullopt;
  }
  return capacity_ - static_cast<std::size_t>(unread);
}

std::span<std::byte> RingWriter::reserve(std::size_t bytes) noexcept {
  assert(bytes <= capacity_);
  const auto offset = static_cast<std::size_t>(written_ % capacity_);
  written_ += bytes;
  return {body_ + offset, bytes};
}

void RingWriter::publish() noexcept {
  // Pairs with the load in RingReader::readable: the bytes come before the position. Sequentially
  // consistent, because both ends go on to look whether the other one sleeps (Dekker's pattern).
  head_->store(written_, std::memory_order_seq_cst);
  published_ = written_;
}

std::optional<std::span<const std::byte>> RingReader::readable() const noexcept {
  const std::uint64_t head = head_->load(std::memory_order_seq_cst);
  const std::uint64_t unread = head - consumed_;
  if (unread > capacity_) {
    return std::nullopt;
  }
  return std::span(body_ + consumed_ % capacity_, static_cast<std::size_t>(unread));
}

void RingReader::release() noexcept {
  tail_->store(consumed_, std::memory_order_seq_cst);
  released_ = consumed_;
}

}  // namespace bulkhead::transport
