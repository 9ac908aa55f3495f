#pragma once

#include <cstddef>
#include <span>

#include "os/code_address.h"

namespace bulkhead::os {

enum class StackPart : std::uint8_t {
  All,
  Interrupted,  ///< of a signal handler's stack: what the signal interrupted, not the handler
};

/// Where the calling thread is, innermost place first; returns how many places were stored. A place
/// is that of the call, not of the return. Async-signal-safe: it takes no lock, allocates nothing,
/// and stores each place before it looks for the next one, so that a torn stack costs its rest only
/// (`stored` counts along).
std::size_t capture_stack(std::span<CodeAddress> places, StackPart part,
                          volatile std::uint32_t* stored = nullptr);

}  // namespace bulkhead::os
