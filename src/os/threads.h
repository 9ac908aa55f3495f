#pragma once

#include <csignal>
#include <cstddef>
#include <shared_mutex>
#include <span>

namespace bulkhead::os {

/// Threads of this process that the library did not start, the caller included.
std::size_t foreign_thread_count();

/// Counts a thread of the library as long as it lives; such threads hold no lock across a fork.
/// It is announced before it is started, so that it is never taken for one of the program's.
class LibraryThread {
 public:
  static void announce();
  /// It could not be started.
  static void withdraw();

  LibraryThread();
  ~LibraryThread();
  LibraryThread(const LibraryThread&) = delete;
  LibraryThread& operator=(const LibraryThread&) = delete;
};

/// While it lives the calling thread, one of the library's, runs the program's code and counts as
/// one of the program's: that may hold any lock, so it is not safe to fork away from. The caller
/// holds no lock of the library.
class RunsProgramCode {
 public:
  RunsProgramCode();
  ~RunsProgramCode();
  RunsProgramCode(const RunsProgramCode&) = delete;
  RunsProgramCode& operator=(const RunsProgramCode&) = delete;
};

/// In a forked child, which has none of its parent's other threads: none is counted, and the fork
/// gate is free.
void forget_threads_of_parent();

/// The caller is such a thread.
bool is_library_thread();

/// Held shared by a library thread while it works, and exclusively while the process is forked: so
/// no library thread can hold a lock, of the C library's for instance, that the child inherits.
/// Taken last: nobody waits for another lock of the library while holding it.
std::shared_mutex& fork_gate();

/// While it lives the calling thread takes no signals, nor do threads that it starts: signals are
/// for the program's own threads.
class SignalsBlocked {
 public:
  SignalsBlocked();
  ~SignalsBlocked();
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

/// The part of the calling thread's stack where its callers' variables live, lowest address first;
/// empty if the system does not tell.
std::span<const std::byte> stack_in_use();

}  // namespace bulkhead::os
