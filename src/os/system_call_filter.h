#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <span>
#include <vector>

#include "os/system_error.h"

namespace bulkhead::os {

/// What the kernel does when a system call is made.
class CallAnswer {
 public:
  static CallAnswer allow();
  /// Does nothing, and the call fails with this errno.
  static CallAnswer refuse(int error);
  /// Does nothing, and sends SIGSYS, which ends the process and tells which call it was.
  static CallAnswer trap();

  std::uint32_t code() const noexcept { return code_; }

 private:
  explicit CallAnswer(std::uint32_t code) : code_(code) {}
  std::uint32_t code_;
};

/// True of a call one of whose arguments, of its low 32 bits those in the mask, is one of the
/// values.
struct ArgumentTest {
  unsigned argument = 0;  ///< from 0
  std::uint32_t mask = ~std::uint32_t{0};
  std::vector<std::uint32_t> values;
};

/// Which system calls may be made, for the kernel to check at each of them (seccomp(2)). A program
/// for another machine (x32, int 0x80) is killed at its first.
class SystemCallFilter {
 public:
  /// `otherwise`: the answer to all that nothing else is said of.
  explicit SystemCallFilter(CallAnswer otherwise);

  /// Of what is said of a call the first counts.
  void answer(int call, CallAnswer with);
  void answer(std::span<const int> calls, CallAnswer with);
  void answer_if(int call, const ArgumentTest& test, CallAnswer then, CallAnswer otherwise);

  /// From now on the calling thread, and the threads and processes that it starts, are held to it;
  /// for good. Needs forbid_new_privileges().
  Result<void> install() const;

  /// Whether this kernel and this machine have such filters, as far as they are used here.
  static bool is_supported();

 private:
  void append(std::uint16_t code, std::uint32_t value, std::uint8_t if_true = 0,
              std::uint8_t if_false = 0);

  std::vector<sock_filter> program_;
  CallAnswer otherwise_;
};

}  // namespace bulkhead::os
