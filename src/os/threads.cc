#include "os/threads.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <shared_mutex>
#include <system_error>

namespace bulkhead::os {

namespace {

// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables): facts about the process
std::atomic<std::size_t> library_threads{0};
thread_local bool on_library_thread = false;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

// ThreadSanitizer runs one thread of its own, which is safe to fork away from.
#ifdef __SANITIZE_THREAD__
constexpr std::size_t kSanitizerThreads = 1;
#else
constexpr std::size_t kSanitizerThreads = 0;
#endif

}  // namespace

std::size_t foreign_thread_count() {
  std::error_code unreadable;
  const std::filesystem::directory_iterator tasks("/proc/self/task", unreadable);
  if (unreadable) {
    return 1;  // Without /proc nothing can be said; the caller at least exists.
  }
  const auto threads =
      static_cast<std::size_t>(std::distance(tasks, std::filesystem::directory_iterator()));
  const std::size_t own = library_threads.load(std::memory_order_relaxed) + kSanitizerThreads;
  return threads > own ? threads - own : 1;
}

void LibraryThread::announce() {
  library_threads.fetch_add(1, std::memory_order_relaxed);
}
void LibraryThread::withdraw() {
  library_threads.fetch_sub(1, std::memory_order_relaxed);
}
LibraryThread::LibraryThread() {
  on_library_thread = true;
}
LibraryThread::~LibraryThread() {
  withdraw();
}

RunsProgramCode::RunsProgramCode() {
  const std::shared_lock no_fork_meanwhile(fork_gate());
  LibraryThread::withdraw();
}
RunsProgramCode::~RunsProgramCode() {
  LibraryThread::announce();
}

namespace {
std::shared_mutex*& current_gate() {
  static std::shared_mutex first;
  static std::shared_mutex* current = &first;
  return current;
}
}  // namespace

void forget_threads_of_parent() {
  library_threads.store(0, std::memory_order_relaxed);
  on_library_thread = false;
  // A new one, never destroyed: whoever held the old one is not here, or is this thread by another
  // name, which could not unlock it.
  current_gate() = new std::shared_mutex;  // NOLINT(cppcoreguidelines-owning-memory)
}

bool is_library_thread() {
  return on_library_thread;
}

std::shared_mutex& fork_gate() {
  return *current_gate();
}

SignalsBlocked::SignalsBlocked() {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before_);
}
SignalsBlocked::~SignalsBlocked() {
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

namespace {
/// The whole stack of the calling thread.
std::span<const std::byte> calling_stack() {
  // Asked once a thread: for the main thread glibc parses /proc/self/maps to answer.
  thread_local const std::span<const std::byte> stack = [] {
    pthread_attr_t attributes;
    if (::pthread_getattr_np(::pthread_self(), &attributes) != 0) {
      return std::span<const std::byte>();
    }
    void* lowest = nullptr;
    std::size_t size = 0;
    ::pthread_attr_getstack(&attributes, &lowest, &size);
    ::pthread_attr_destroy(&attributes);
    return std::span(static_cast<const std::byte*>(lowest), size);
  }();
  return stack;
}
}  // namespace

std::span<const std::byte> stack_in_use() {
  const auto stack = calling_stack();
  const auto* const frame = static_cast<const std::byte*>(__builtin_frame_address(0));
  const bool is_inside =
      std::less_equal<>()(stack.data(), frame) && std::less<>()(frame, stack.data() + stack.size());
  // A frame outside is that of a coroutine or a signal handler with a stack of its own.
  return is_inside ? stack.subspan(static_cast<std::size_t>(frame - stack.data())) : stack;
}

}  // namespace bulkhead::os
