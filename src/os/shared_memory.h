#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "os/system_error.h"
#include "os/unique_fd.h"

namespace bulkhead::os {

/// Creates nameless shared memory (memfd) of a header and a body, both multiples of the page size.
/// Its pages exist when this returns, so that a shortage is an error here and never a SIGBUS later;
/// its size is sealed, so that nobody can take pages away.
Result<UniqueFd> create_shared_memory(const std::string& name, std::size_t bytes);

/// After this no new writable mapping can be made by anyone (F_SEAL_FUTURE_WRITE); those that exist
/// stay: so the creator maps the memory first.
Result<void> seal_against_writers(int fd);

std::size_t page_size();

/// A mapping of shared memory whose body appears twice in a row, so that a record that wraps around
/// the end of the body is one contiguous piece. Not inherited by fork (MADV_DONTFORK).
class RingMapping {
 public:
  enum class Access : std::uint8_t { ReadOnly, ReadWrite };

  RingMapping() = default;
  RingMapping(RingMapping&& other) noexcept;
  RingMapping& operator=(RingMapping&& other) noexcept;
  ~RingMapping();

  /// Maps `header_bytes`, then twice the `body_bytes` that follow in the memory.
  static Result<RingMapping> map(int fd, std::size_t header_bytes, std::size_t body_bytes,
                                 Access access);

  void* header() const noexcept { return address_; }
  std::byte* body() const noexcept { return static_cast<std::byte*>(address_) + header_bytes_; }

 private:
  void* address_ = nullptr;
  std::size_t header_bytes_ = 0;
  std::size_t body_bytes_ = 0;
};

}  // namespace bulkhead::os
