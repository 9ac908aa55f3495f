#include "os/system_call_filter.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cassert>
#include <cstddef>

namespace bulkhead::os {

namespace {

constexpr std::uint16_t kLoad = BPF_LD | BPF_W | BPF_ABS;
constexpr std::uint16_t kReturn = BPF_RET | BPF_K;
constexpr std::uint16_t kJumpIfEqual = BPF_JMP | BPF_JEQ | BPF_K;

#if defined(__x86_64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kMachine = 0;  // Its calls are in no list here.
#endif

/// Calls of the x32 machine have this bit, and the same name of the machine.
constexpr std::uint32_t kFirstOfX32 = 0x40000000;

/// Of the low word; both machines are little-endian.
std::uint32_t place_of(unsigned argument) {
  return static_cast<std::uint32_t>(offsetof(seccomp_data, args) +
                                    argument * sizeof(std::uint64_t));
}

}  // namespace

CallAnswer CallAnswer::allow() {
  return CallAnswer(SECCOMP_RET_ALLOW);
}
CallAnswer CallAnswer::refuse(int error) {
  return CallAnswer(SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error));
}
CallAnswer CallAnswer::trap() {
  return CallAnswer(SECCOMP_RET_TRAP);
}

SystemCallFilter::SystemCallFilter(CallAnswer otherwise) : otherwise_(otherwise) {
  append(kLoad, offsetof(seccomp_data, arch));
  append(kJumpIfEqual, kMachine, 1, 0);
  append(kReturn, SECCOMP_RET_KILL_PROCESS);
  append(kLoad, offsetof(seccomp_data, nr));
  append(BPF_JMP | BPF_JGE | BPF_K, kFirstOfX32, 0, 1);
  append(kReturn, SECCOMP_RET_KILL_PROCESS);
}

void SystemCallFilter::append(std::uint16_t code, std::uint32_t value, std::uint8_t if_true,
                              std::uint8_t if_false) {
  program_.push_back({code, if_true, if_false, value});
}

void SystemCallFilter::answer(int call, CallAnswer with) {
  append(kJumpIfEqual, static_cast<std::uint32_t>(call), 0, 1);
  append(kReturn, with.code());
}

void SystemCallFilter::answer(std::span<const int> calls, CallAnswer with) {
  for (const int call : calls) {
    answer(call, with);
  }
}

void SystemCallFilter::answer_if(int call, const ArgumentTest& test, CallAnswer then,
                                 CallAnswer otherwise) {
  assert(test.values.size() < 200);  // Jumps are of 8 bits.
  const auto values = static_cast<std::uint8_t>(test.values.size());
  append(kJumpIfEqual, static_cast<std::uint32_t>(call), 0, static_cast<std::uint8_t>(values + 4));
  append(kLoad, place_of(test.argument));
  append(BPF_ALU | BPF_AND | BPF_K, test.mask);
  std::uint8_t to_then = values;
  for (const std::uint32_t value : test.values) {
    append(kJumpIfEqual, value, to_then--, 0);
  }
  append(kReturn, otherwise.code());
  append(kReturn, then.code());
}

Result<void> SystemCallFilter::install() const {
  auto program = program_;
  program.push_back({kReturn, 0, 0, otherwise_.code()});
  const sock_fprog whole{static_cast<unsigned short>(program.size()), program.data()};
  if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &whole) != 0) {
    return last_error("install a filter of system calls");
  }
  return {};
}

bool SystemCallFilter::is_supported() {
  const std::uint32_t trap = SECCOMP_RET_TRAP;
  return kMachine != 0 && ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &trap) == 0;
}

}  // namespace bulkhead::os
