#include "os/forks.h"

#include <pthread.h>

#include "os/threads.h"

namespace bulkhead::os {

namespace detail {
std::atomic<unsigned> forks{0};  // NOLINT: a fact about the process
}

namespace {

/// Runs in the child, which has one thread. Only what a signal handler may do is allowed here.
void note_fork() {
  detail::forks.fetch_add(1, std::memory_order_relaxed);
  forget_threads_of_parent();
}

}  // namespace

void count_forks() {
  static const int registered = ::pthread_atfork(nullptr, nullptr, &note_fork);
  static_cast<void>(registered);
}

}  // namespace bulkhead::os
