#include "interrupts.h"

#include <pthread.h>

#include <utility>

namespace bulkhead {
namespace {

// Sent to the watching thread alone: it ends the wait, and means nothing else here.
constexpr int kStop = SIGUSR1;

}  // namespace

Interrupts::Watch::~Watch() {
  ::pthread_kill(thread_.native_handle(), kStop);
}

Interrupts::Interrupts() {
  ::sigemptyset(&watched_);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, kStop}) {
    ::sigaddset(&watched_, signal);
  }
  ::pthread_sigmask(SIG_BLOCK, &watched_, &mask_before_);
}

Interrupts::~Interrupts() {
  ::pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

Interrupts::Watch Interrupts::watch(std::function<void()> on_first,
                                    std::function<void()> on_second) {
  return Watch(std::jthread([this, first = std::move(on_first), second = std::move(on_second)] {
    wait_for_signals(first, second);
  }));
}

void Interrupts::wait_for_signals(const std::function<void()>& on_first,
                                  const std::function<void()>& on_second) {
  int signal = 0;
  while (::sigwait(&watched_, &signal) == 0 && signal != kStop) {
    const int came_before = count_.fetch_add(1);
    if (came_before == 0) {
      first_signal_ = signal;
      on_first();
    } else if (came_before == 1) {
      on_second();
    }
  }
}

}  // namespace bulkhead
