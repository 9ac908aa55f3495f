#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

/// Every way in which a task can misbehave, each a function to give to an executor.
namespace bulkhead::victims {

inline int square(int x) {
  return x * x;
}
inline int process_id() {
  return ::getpid();
}

// ---- exceptions

inline int throw_invalid_argument(int x) {
  throw std::invalid_argument("no " + std::to_string(x) + " here");
}
inline int throw_system_error() {
  throw std::system_error(ENOENT, std::generic_category(), "open a.jpg");
}
inline int throw_nested() {
  try {
    throw std::out_of_range("row 7");
  } catch (...) {
    std::throw_with_nested(std::runtime_error("cannot read the table"));
  }
}
struct OwnError : std::exception {
  const char* what() const noexcept override { return "the user's own"; }
};
inline int throw_own_error() {
  throw OwnError();
}
inline int throw_number() {
  throw 42;
}  // NOLINT(hicpp-exception-baseclass): the point of it

// ---- the end of the process

inline int segfault() {
  ::raise(SIGSEGV);
  return 0;
}
[[gnu::no_sanitize("undefined")]] inline int write_to_null() {
  volatile int* nowhere = nullptr;
  *nowhere = 1;  // NOLINT(clang-analyzer-core.NullDereference): the point of it
  return 0;
}
inline int abort_process() {
  std::abort();
}
inline int terminate_process() {
  std::terminate();
}
inline int throw_out_of_noexcept() noexcept {
  return throw_invalid_argument(7);
}
inline int exit_with(int status) {
  std::exit(status);
}  // NOLINT(concurrency-mt-unsafe)
inline int exit_at_once_with(int status) {
  ::_exit(status);
}
inline int kill_itself() {
  ::raise(SIGKILL);
  return 0;
}
inline int overflow_the_stack(int depth) {
  volatile char frame[4096];
  frame[0] = static_cast<char>(depth);
  return depth == std::numeric_limits<int>::max() ? 0 : overflow_the_stack(depth + 1) + frame[0];
}
/// To an address of the kernel: a sanitizer has mapped much of the rest.
[[gnu::no_sanitize("undefined")]] inline int write_far_away() {
  *reinterpret_cast<volatile int*>(0xffff800000000ab0) = 1;  // NOLINT(performance-no-int-to-ptr)
  return 0;
}
[[gnu::no_sanitize("undefined")]] inline int divide_by_zero() {
  const volatile int one = 1;
  const volatile int zero = 0;
  return one / zero;
}
/// SIGBUS.
inline int read_beyond_a_file() {
  const int empty = ::memfd_create("empty", MFD_CLOEXEC);
  const volatile char* const page =
      static_cast<char*>(::mmap(nullptr, 4096, PROT_READ, MAP_SHARED, empty, 0));
  return *page;
}
inline int terminate_itself() {
  ::raise(SIGTERM);
  return 0;
}
inline int become_another_program() {
  return ::execl("/bin/true", "true", nullptr);
}
inline int leave_by_pthread_exit() {
  ::pthread_exit(nullptr);
}

// ---- no end at all

inline int spin() {
  for (std::atomic<bool> never = false; !never;) {
  }
  return 0;
}
inline int sleep_forever() {
  for (;;) {
    ::pause();
  }
}
inline int ignore_signals_and_sleep() {
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_BLOCK, &all, nullptr);
  return sleep_forever();
}
inline int stop_itself() {
  ::raise(SIGSTOP);
  return sleep_forever();
}

/// Starts a process that would live for ever, writes its number to the file, and never returns.
inline int leave_a_grandchild(const std::string& pid_file) {
  const pid_t child = ::fork();
  if (child == 0) {
    sleep_forever();
  }
  std::ofstream(pid_file) << child << std::flush;
  return sleep_forever();
}

inline int leave_the_process_group() {
  ::setpgid(0, ::getpgid(::getppid()));
  return sleep_forever();
}

/// Ends well, but its process is stopped as soon as the file exists.
inline int be_stopped_later(const std::string& file) {
  std::thread([file] {
    while (!std::ifstream(file).good()) {
      std::this_thread::yield();
    }
    ::kill(::getpid(), SIGSTOP);
  }).detach();
  return ::getpid();
}

// ---- attacks on the channel: everything that the worker can write to

/// Fills every writable shared mapping of this process, that is its reply ring, with one byte.
inline int scribble_over_shared_memory(int byte) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    unsigned long first = 0;
    unsigned long end = 0;
    char rights[5] = {};
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &first, &end, rights) == 3 &&
        std::string(rights) == "rw-s") {
      std::memset(reinterpret_cast<void*>(first), byte, end - first);  // NOLINT
    }
  }
  return 1;
}

/// Gives so many bytes, and its process dies while they are on their way: the first word of the
/// reply memory tells how far they have come.
inline std::string die_while_replying(std::size_t bytes) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    unsigned long first = 0;
    char rights[5] = {};
    if (std::sscanf(line.c_str(), "%lx-%*x %4s", &first, rights) == 2 &&
        std::string(rights) == "rw-s") {
      auto* const sent = reinterpret_cast<std::atomic<std::uint64_t>*>(first);  // NOLINT
      std::thread([sent, half = sent->load() + bytes / 2] {
        while (sent->load() < half) {
        }
        ::raise(SIGKILL);
      }).detach();
      break;
    }
  }
  return std::string(bytes, 'x');
}

/// Closes every descriptor it has, the doorbell among them.
inline int close_all_descriptors() {
  ::close_range(0, ~0U, 0);
  return 1;
}

/// Tries to make its request ring writable; gives the errno of the first refusal, 0 if it could.
inline int make_requests_writable() {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    unsigned long first = 0;
    unsigned long end = 0;
    char rights[5] = {};
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &first, &end, rights) == 3 &&
        std::string(rights) == "r--s" && line.find("requests") != std::string::npos) {
      return ::mprotect(reinterpret_cast<void*>(first), end - first,  // NOLINT
                        PROT_READ | PROT_WRITE) == 0
                 ? 0
                 : errno;
    }
  }
  return -1;
}

}  // namespace bulkhead::victims
