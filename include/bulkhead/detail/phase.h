#pragma once

#include <atomic>
#include <cstdint>

#include <bulkhead/error.h>

namespace bulkhead::detail {

/// Where this thread writes down what it does for its task, a TaskPhase; null: nowhere. Of a worker
/// it is a byte that the program can still read when the worker is dead, whatever killed it.
extern constinit thread_local std::atomic<std::uint8_t>* phase_mark;

inline void mark(TaskPhase phase) noexcept {
  if (phase_mark != nullptr) {
    phase_mark->store(static_cast<std::uint8_t>(phase), std::memory_order_relaxed);
  }
}

/// Where this thread writes down which item of a map it works on, 1 + its position (0: none), in
/// the same way; null: nowhere.
extern constinit thread_local std::atomic<std::uint64_t>* item_mark;

/// It goes on with the item that follows.
inline void mark_next_item() noexcept {
  if (item_mark != nullptr) {
    item_mark->store(item_mark->load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
}

}  // namespace bulkhead::detail
