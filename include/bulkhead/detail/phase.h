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

}  // namespace bulkhead::detail
