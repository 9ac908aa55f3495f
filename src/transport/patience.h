#pragma once

#include "os/cpus.h"

namespace bulkhead::transport {

/// Looks for some ten microseconds whether the condition holds. While a large frame passes, the
/// other end reads or writes a fragment in less time than it takes to sleep and be woken. The CPU
/// is not left to others meanwhile: where there are more processes than CPUs it would be gone for
/// milliseconds, a sleeper gets it back at once.
template <class Condition>
bool holds_soon(Condition condition) {
  constexpr int kLooks = 400;
  for (int look = 0; look < kLooks; ++look) {
    if (condition()) {
      return true;
    }
    os::pause_cpu();
  }
  return false;
}

}  // namespace bulkhead::transport
