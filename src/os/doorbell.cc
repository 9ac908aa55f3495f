#include "os/doorbell.h"

#include <sys/eventfd.h>

#include <cerrno>
#include <cstdint>

namespace bulkhead::os {

Result<Doorbell> Doorbell::create() {
  auto fd = beyond_standard_streams(UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)));
  if (!fd) {
    return last_error("eventfd");
  }
  return Doorbell(std::move(fd));
}

bool Doorbell::ring() const noexcept {
  // The counter overflows after 2^64 rings; a write wakes edge-triggered pollers whatever it holds.
  const std::uint64_t one = 1;
  return ::write(fd_.get(), &one, sizeof one) == sizeof one || errno == EAGAIN;
}

}  // namespace bulkhead::os
