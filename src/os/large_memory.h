#pragma once

#include <cstddef>

namespace bulkhead::os {

/// Memory from this size on is worth a call of the system.
inline constexpr std::size_t kLargeBytes = std::size_t{4} << 20U;

/// Asks for huge pages behind memory that is about to be filled, so that a gigabyte takes five
/// hundred page faults and not a quarter of a million. Below kLargeBytes it does nothing. A hint:
/// where the system refuses, nothing is different.
void prefer_huge_pages(void* start, std::size_t bytes) noexcept;

/// From now on this process keeps some megabytes of memory that was freed, for the next values: a
/// page fault costs more than a copy of the page. For a worker, whose heap is nobody else's.
void keep_freed_memory() noexcept;

}  // namespace bulkhead::os
