#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "os/system_error.h"
#include "os/unique_fd.h"

namespace bulkhead::os {

/// Nameless memory (memfd) whose content nobody can change any more, not even its creator: safe to
/// read in place, whoever else has it.
class SealedMemory {
 public:
  /// Copies the content. A shortage of memory is an error here, and no signal later.
  static Result<SealedMemory> create(const std::string& name, std::span<const std::byte> content);
  /// Maps what create() made in another process.
  static Result<SealedMemory> open(UniqueFd fd);

  SealedMemory(SealedMemory&& other) noexcept;
  SealedMemory& operator=(SealedMemory&&) = delete;
  ~SealedMemory();

  /// At the beginning of a page.
  std::span<const std::byte> bytes() const noexcept { return bytes_; }
  int fd() const noexcept { return fd_.get(); }

 private:
  SealedMemory(UniqueFd fd, std::span<const std::byte> bytes) : fd_(std::move(fd)), bytes_(bytes) {}

  UniqueFd fd_;
  std::span<const std::byte> bytes_;
};

/// A number that no process alive gives a second time; never 0.
std::uint64_t unique_number() noexcept;

}  // namespace bulkhead::os
