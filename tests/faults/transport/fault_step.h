#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <string>

/// Takes the place of src/transport/fault_step.h in the test of faults.
namespace bulkhead::transport {

enum class FaultStep : std::uint8_t {
  Received,
  BeforeClaim,
  Claimed,
  Running,
  InReply,
  Written,
  Published,
  Parking
};

/// Dies if BULKHEAD_TEST_FAULT says "STEP COUNT FILE", this is that step for the COUNTth time in
/// this process, and no other process died here before, which would have made the file.
inline void at_step(FaultStep step) {
  static int seen = 0;
  const char* const order = std::getenv("BULKHEAD_TEST_FAULT");
  if (order == nullptr) {
    return;
  }
  char* rest = nullptr;
  const long wanted = std::strtol(order, &rest, 10);
  const long count = std::strtol(rest, &rest, 10);
  if (wanted != static_cast<long>(step) || ++seen != count) {
    return;
  }
  if (::open(rest + 1, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600) >= 0) {
    ::raise(SIGKILL);
  }
}

}  // namespace bulkhead::transport
