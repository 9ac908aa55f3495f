#pragma once

#include <cstddef>

#include "os/shared_memory.h"

namespace bulkhead::transport {

/// Bytes that a header takes in shared memory: whole pages, so that the ring's body can be mapped.
template <class Header>
std::size_t header_bytes() {
  const std::size_t page = os::page_size();
  return (sizeof(Header) + page - 1) / page * page;
}

}  // namespace bulkhead::transport
