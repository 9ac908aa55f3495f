#include "transport/ring.h"

namespace bulkhead::transport {

std::optional<std::size_t> RingWriter::look_for_room() noexcept {
  // Pairs with the store in RingReader::release: what lies before tail is no longer read.
  const std::uint64_t tail = tail_->load(std::memory_order_seq_cst);
  const std::uint64_t unread = written_ - tail;
  if (unread > capacity_) {
    return std::nullopt;
  }
  seen_tail_ = tail;
  return capacity_ - static_cast<std::size_t>(unread);
}

bool RingReader::look() noexcept {
  const std::uint64_t head = head_->load(std::memory_order_seq_cst);
  if (head - consumed_ > capacity_) {
    return false;
  }
  seen_head_ = head;
  return true;
}

void RingReader::release() noexcept {
  tail_->store(consumed_, std::memory_order_seq_cst);
  released_ = consumed_;
}

}  // namespace bulkhead::transport
