#pragma once

#include <array>
#include <cstdint>

#include "os/code_address.h"

namespace bulkhead::os {

/// What a process writes down in the moment of its death, in memory that outlives it. Whoever reads
/// it believes none of it: the process may have been taken over.
struct CrashRecord {
  std::int32_t signal = 0;         ///< 0: no signal was handled
  std::uint32_t places = 0;        ///< of the stack, at most its size
  std::uint64_t address = 0;       ///< whose access failed
  std::uint32_t has_address = 0;   ///< 1: an access failed; a signal that was sent has none
  std::uint32_t reason_bytes = 0;  ///< at most its size
  /// Of std::terminate: the exception that nobody caught. Of a trap: the name of the system call.
  std::array<char, 496> reason{};
  std::array<CodeAddress, 64> stack{};
};

/// From now on a signal that says that this process is broken (SIGSEGV, SIGBUS, SIGILL, SIGFPE,
/// SIGABRT, SIGSYS, SIGTRAP) and std::terminate write the record first, on a stack of their own, so
/// that an overflow of the stack can be told too. The signal then has its usual effect: the process
/// dies of it, where it was, and leaves a core dump if it may. Of threads only the calling one has
/// such a stack; another that overflows its own dies without a word.
///
/// A task that installs its own handlers replaces these. Called once in a process, early.
void record_crash_in(CrashRecord& record);

}  // namespace bulkhead::os
