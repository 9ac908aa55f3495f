#include "os/sealed_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <utility>

namespace bulkhead::os {

namespace {

/// By write(2), which reports what a store into a mapping would answer with SIGBUS.
Result<void> write_all(int fd, std::span<const std::byte> content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return last_error("write shared memory");
    }
    content = content.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace

Result<SealedMemory> SealedMemory::create(const std::string& name,
                                          std::span<const std::byte> content) {
  auto fd = beyond_standard_streams(
      UniqueFd(::memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING)));
  if (!fd) {
    return last_error("memfd_create " + name);
  }
  if (auto written = write_all(fd.get(), content); !written) {
    return Unexpected(std::move(written).error());
  }
  constexpr int kSeals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
  if (::fcntl(fd.get(), F_ADD_SEALS, kSeals) != 0) {
    return last_error("seal " + name);
  }
  return open(std::move(fd));
}

Result<SealedMemory> SealedMemory::open(UniqueFd fd) {
  // Not fstat(2): the C library may ask by a call that takes names too, which a sandbox refuses.
  const off_t end = ::lseek(fd.get(), 0, SEEK_END);
  if (end < 0) {
    return last_error("find the end of shared memory");
  }
  const auto size = static_cast<std::size_t>(end);
  if (size == 0) {
    return SealedMemory(std::move(fd), {});  // Nothing cannot be mapped.
  }
  void* const address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd.get(), 0);
  if (address == MAP_FAILED) {
    return last_error("map shared memory");
  }
  return SealedMemory(std::move(fd), {static_cast<const std::byte*>(address), size});
}

SealedMemory::SealedMemory(SealedMemory&& other) noexcept
    : fd_(std::move(other.fd_)), bytes_(std::exchange(other.bytes_, {})) {}

SealedMemory::~SealedMemory() {
  if (!bytes_.empty()) {
    ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
  }
}

std::uint64_t unique_number() noexcept {
  static std::atomic<std::uint32_t> last{0};
  const std::uint64_t number = last.fetch_add(1, std::memory_order_relaxed) + 1;
  return (static_cast<std::uint64_t>(::getpid()) << 32U) | number;
}

}  // namespace bulkhead::os
