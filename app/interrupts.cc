#include "interrupts.h"

#include <pthread.h>

#include <ctime>
#include <utility>

namespace bulkhead {
namespace {

// Wakes the watching thread when its watch ends. It means nothing when others send it.
constexpr int kWake = SIGUSR1;

bool is_ignored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

Interrupts::Watch::~Watch() {
  thread_.request_stop();
  ::pthread_kill(thread_.native_handle(), kWake);
}

Interrupts::Interrupts() {
  ::sigemptyset(&watched_);
  ::sigaddset(&watched_, kWake);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    // A blocked signal is kept for sigwait(3), also where it would be ignored.
    if (!is_ignored(signal)) {
      ::sigaddset(&watched_, signal);
    }
  }
  ::pthread_sigmask(SIG_BLOCK, &watched_, &mask_before_);
}

Interrupts::~Interrupts() {
  ::pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

Interrupts::Watch Interrupts::watch(std::function<void()> on_first,
                                    std::function<void()> on_second) {
  return Watch(
      std::jthread([this, first = std::move(on_first), second = std::move(on_second)](
                       const std::stop_token& end) { wait_for_signals(end, first, second); }));
}

int Interrupts::take_pending() {
  constexpr timespec kNow{};
  for (int signal = 0; (signal = ::sigtimedwait(&watched_, nullptr, &kNow)) > 0;) {
    if (signal != kWake) {
      note(signal);
    }
  }
  return first_signal();
}

int Interrupts::note(int signal) {
  const int came_before = count_.fetch_add(1);
  if (came_before == 0) {
    first_signal_ = signal;
  }
  return came_before;
}

void Interrupts::wait_for_signals(const std::stop_token& end, const std::function<void()>& on_first,
                                  const std::function<void()>& on_second) {
  int signal = 0;
  while (!end.stop_requested() && ::sigwait(&watched_, &signal) == 0) {
    if (signal == kWake) {
      continue;
    }
    // Also when the watch ends at this moment: nobody else will see it.
    const int came_before = note(signal);
    if (end.stop_requested()) {
      return;
    }
    if (came_before == 0) {
      on_first();
    } else if (came_before == 1) {
      on_second();
    }
  }
}

}  // namespace bulkhead
