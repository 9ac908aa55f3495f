#include "os/large_memory.h"

#include <malloc.h>
#include <sys/mman.h>

#include <cstdint>

#include "os/shared_memory.h"

namespace bulkhead::os {

void prefer_huge_pages(void* start, std::size_t bytes) noexcept {
  if (bytes < kLargeBytes) {
    return;
  }
  // Whole pages only, the memory beside them belongs to others (madvise(2), MADV_HUGEPAGE).
  const std::size_t page = page_size();
  const auto misplaced = reinterpret_cast<std::uintptr_t>(start) % page;
  const std::size_t skipped = misplaced == 0 ? 0 : page - misplaced;
  ::madvise(static_cast<std::byte*>(start) + skipped, (bytes - skipped) / page * page,
            MADV_HUGEPAGE);
}

void keep_freed_memory() noexcept {
  constexpr int kKeptBytes = 32 << 20;
  // Both are set: one alone would stop the allocator from adapting the other (mallopt(3)).
  ::mallopt(M_MMAP_THRESHOLD, kKeptBytes);
  ::mallopt(M_TRIM_THRESHOLD, kKeptBytes);
}

}  // namespace bulkhead::os
