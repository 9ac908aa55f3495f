#pragma once

#include <atomic>
#include <cstdint>

namespace bulkhead::os {

/// Sleeps while the word holds `expected`, until futex_wake or a signal; also returns for no
/// reason. The word may lie in shared memory that is mapped for reading only. (futex(2),
/// FUTEX_WAIT)
void futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected) noexcept;

/// Wakes the one process that may sleep on the word.
void futex_wake(const std::atomic<std::uint32_t>& word) noexcept;

}  // namespace bulkhead::os
