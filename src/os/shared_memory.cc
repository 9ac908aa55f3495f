#include "os/shared_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace bulkhead::os {

std::size_t page_size() {
  static const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return size;
}

Result<UniqueFd> create_shared_memory(const std::string& name, std::size_t bytes) {
  auto fd = beyond_standard_streams(
      UniqueFd(::memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING)));
  if (!fd) {
    return last_error("memfd_create " + name);
  }
  if (::ftruncate(fd.get(), static_cast<off_t>(bytes)) != 0) {
    return last_error("ftruncate " + name);
  }
  int refused = 0;
  do {
    refused = ::fallocate(fd.get(), 0, 0, static_cast<off_t>(bytes));
  } while (refused != 0 && errno == EINTR);
  if (refused != 0) {
    return last_error("fallocate " + name);
  }
  if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) != 0) {
    return last_error("seal the size of " + name);
  }
  return fd;
}

Result<void> seal_against_writers(int fd) {
  if (::fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) != 0) {
    return last_error("seal shared memory against writers");
  }
  return {};
}

RingMapping::RingMapping(RingMapping&& other) noexcept
    : address_(std::exchange(other.address_, nullptr)),
      header_bytes_(other.header_bytes_),
      body_bytes_(other.body_bytes_) {}

RingMapping& RingMapping::operator=(RingMapping&& other) noexcept {
  std::swap(address_, other.address_);
  std::swap(header_bytes_, other.header_bytes_);
  std::swap(body_bytes_, other.body_bytes_);
  return *this;
}

RingMapping::~RingMapping() {
  if (address_ != nullptr) {
    ::munmap(address_, header_bytes_ + 2 * body_bytes_);
  }
}

Result<RingMapping> RingMapping::map(int fd, std::size_t header_bytes, std::size_t body_bytes,
                                     Access access) {
  // Reserve the whole range first, so that the second view of the body lies right behind the first.
  const std::size_t total = header_bytes + 2 * body_bytes;
  void* reserved = ::mmap(nullptr, total, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (reserved == MAP_FAILED) {
    return last_error("reserve address space for a ring");
  }
  RingMapping mapping;
  mapping.address_ = reserved;
  mapping.header_bytes_ = header_bytes;
  mapping.body_bytes_ = body_bytes;

  const int protection = access == Access::ReadWrite ? PROT_READ | PROT_WRITE : PROT_READ;
  void* twin = mapping.body() + body_bytes;
  if (::mmap(reserved, header_bytes + body_bytes, protection, MAP_SHARED | MAP_FIXED, fd, 0) ==
          MAP_FAILED ||
      ::mmap(twin, body_bytes, protection, MAP_SHARED | MAP_FIXED, fd,
             static_cast<off_t>(header_bytes)) == MAP_FAILED) {
    return last_error("map a ring");
  }
  // A later fork of the program must not inherit a writable view of another worker's ring.
  if (::madvise(reserved, total, MADV_DONTFORK) != 0) {
    return last_error("keep a ring from being inherited");
  }
  return mapping;
}

}  // namespace bulkhead::os
