#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <typeindex>
#include <variant>

#include <bulkhead/detail/shared_memory.h>

#include "os/sealed_memory.h"
#include "os/unique_fd.h"

namespace bulkhead::detail {

/// See bulkhead/detail/shared_memory.h. All of a process's are found by their numbers.
class SharedMemory {
 public:
  SharedMemory(std::uint64_t id, os::SealedMemory memory) : id_(id), content_(std::move(memory)) {}
  SharedMemory(std::uint64_t id, os::UniqueFd file) : id_(id), content_(std::move(file)) {}
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  std::uint64_t id() const noexcept { return id_; }
  bool is_file() const noexcept { return std::holds_alternative<os::UniqueFd>(content_); }
  int fd() const noexcept;
  /// Throws SerializationError if this is an open file.
  std::span<const std::byte> bytes() const;

  const void* decoded(const std::type_info& type, MakeShared make) const;

 private:
  const std::uint64_t id_;
  const std::variant<os::SealedMemory, os::UniqueFd> content_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const void> value_;    // guarded by mutex_
  mutable std::optional<std::type_index> type_;  // of value_; guarded by mutex_
};

/// Takes memory in that another process made. Throws SerializationError.
SharedReference adopt_shared_memory(std::uint64_t id, os::UniqueFd fd);
/// The same with a file that is open there.
SharedReference adopt_shared_file(std::uint64_t id, os::UniqueFd fd);

/// Grows whenever a SharedMemory of this process has gone.
std::uint64_t shared_memories_gone() noexcept;

}  // namespace bulkhead::detail
