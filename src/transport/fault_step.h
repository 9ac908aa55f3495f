#pragma once

#include <cstdint>

namespace bulkhead::transport {

/// The moments in which a worker's death tests the protocol (docs/wire-format.md).
enum class FaultStep : std::uint8_t {
  Received,     ///< a request was taken out of the ring
  BeforeClaim,  ///< of a call
  Claimed,      ///< the program can see the claim; the ban was not looked at
  Running,      ///< the program can see that the call was started
  InReply,      ///< a part of a large reply is in the ring, the rest is not
  Written,      ///< a reply, or a part of one, was written; the program cannot see it
  Published,    ///< the program can see it; the doorbell was not rung
  Parking       ///< on the way to sleep; the program can see that
};

/// Nothing. The tests compile the worker's end anew with another header of this name, in which it
/// is the death of the process: so no program that uses the library carries the test in it.
inline void at_step(FaultStep) noexcept {}

}  // namespace bulkhead::transport
