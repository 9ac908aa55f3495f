#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <typeindex>

#include <bulkhead/detail/shared_memory.h>

#include "os/sealed_memory.h"

namespace bulkhead::detail {

/// See bulkhead/detail/shared_memory.h. All of a process's are found by their numbers.
class SharedMemory {
 public:
  SharedMemory(std::uint64_t id, os::SealedMemory memory) : id_(id), memory_(std::move(memory)) {}
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  std::uint64_t id() const noexcept { return id_; }
  int fd() const noexcept { return memory_.fd(); }
  std::span<const std::byte> bytes() const noexcept { return memory_.bytes(); }

  const void* decoded(const std::type_info& type, MakeShared make) const;

 private:
  const std::uint64_t id_;
  const os::SealedMemory memory_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const void> value_;    // guarded by mutex_
  mutable std::optional<std::type_index> type_;  // of value_; guarded by mutex_
};

/// Takes memory in that another process made. Throws SerializationError.
SharedReference adopt_shared_memory(std::uint64_t id, os::UniqueFd fd);

/// Grows whenever a SharedMemory of this process has gone.
std::uint64_t shared_memories_gone() noexcept;

}  // namespace bulkhead::detail
