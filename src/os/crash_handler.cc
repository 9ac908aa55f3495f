#include "os/crash_handler.h"

#include <cxxabi.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <exception>
#include <string>
#include <string_view>
#include <typeinfo>

#include "os/sandbox_calls.h"
#include "os/stack_trace.h"
#include "os/symbols.h"

namespace bulkhead::os {

namespace {

// A handler is given no argument of its own, so these belong to the process.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
CrashRecord* record = nullptr;
std::terminate_handler previous_terminate = nullptr;
std::atomic<pid_t> dying_thread{0};
std::atomic<int> first_signal{0};
/// Enough for the handler, the unwinder, and the registers of the largest CPU (AVX-512: 3 KiB).
alignas(std::max_align_t) std::array<std::byte, 64 * 1024> signal_stack;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

/// The si_code of a SIGSYS that a filter of system calls has sent: the C library has no name for
/// it.
constexpr int kSentByFilter = 1;

constexpr std::array kSignals{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS, SIGTRAP};

/// Dies of the signal now, also if it is blocked.
void die_of(int number) {
  ::signal(number, SIG_DFL);
  sigset_t only;
  ::sigemptyset(&only);
  ::sigaddset(&only, number);
  ::raise(number);
  ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
}

/// True: the CPU itself objected to an instruction, and will do so again.
bool is_fault(int number, const siginfo_t& cause) {
  return cause.si_code > 0 &&
         (number == SIGSEGV || number == SIGBUS || number == SIGILL || number == SIGFPE);
}

void write_reason(std::string_view reason) {
  const std::size_t bytes = std::min(reason.size(), record->reason.size());
  std::copy_n(reason.begin(), bytes, record->reason.begin());
  record->reason_bytes = static_cast<std::uint32_t>(bytes);
}

void write_record(int number, const siginfo_t& cause) {
  if (number == SIGSYS && cause.si_code == kSentByFilter) {
    write_reason(trapped_call_name(cause.si_syscall));
  }
  if (is_fault(number, cause) && (number == SIGSEGV || number == SIGBUS)) {
    record->address = reinterpret_cast<std::uint64_t>(cause.si_addr);
    record->has_address = 1;
  }
  record->signal = number;
  capture_stack(record->stack, StackPart::Interrupted, &record->places);
}

void on_crash(int number, siginfo_t* cause, void*) {
  pid_t nobody = 0;
  if (!dying_thread.compare_exchange_strong(nobody, ::gettid())) {
    if (nobody == ::gettid()) {
      die_of(first_signal);  // The stack was too broken to be read: what is written must do.
    }
    for (;;) {
      ::pause();  // Another thread is dying, and this process with it.
    }
  }
  first_signal = number;
  write_record(number, *cause);
  ::signal(number, SIG_DFL);
  if (!is_fault(number, *cause)) {
    ::raise(number);  // Blocked until this returns. A fault comes again by itself, with its cause.
  }
}

std::string active_exception() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (type == nullptr) {
    return "no exception";
  }
  try {
    throw;
  } catch (const std::exception& error) {
    return demangled(type->name()) + ": " + error.what();
  } catch (...) {
    return demangled(type->name());
  }
}

[[noreturn]] void on_terminate() {
  write_reason(active_exception());
  previous_terminate();
  std::abort();
}

}  // namespace

void record_crash_in(CrashRecord& where) {
  record = &where;
  const stack_t stack{signal_stack.data(), 0, signal_stack.size()};
  ::sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_sigaction = on_crash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigemptyset(&action.sa_mask);
  for (const int number : kSignals) {
    ::sigaction(number, &action, nullptr);
  }
  previous_terminate = std::set_terminate(on_terminate);
}

}  // namespace bulkhead::os
