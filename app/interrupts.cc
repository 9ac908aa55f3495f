#include "interrupts.h"

#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <utility>

namespace bulkhead {
namespace {

// Wakes the watching thread when its watch ends, or brings it a SIGPIPE. It means nothing when
// others send it.
constexpr int kWake = SIGUSR1;

// SIGPIPE comes to the thread that wrote, and to no other (pipe(7)).
void pass_on_broken_pipe(int signal) {
  const int error = errno;
  ::sigqueue(::getpid(), kWake, {.sival_int = signal});
  errno = error;
}

// 0: it only wakes.
int meaning_of(const siginfo_t& info) {
  if (info.si_signo != kWake) {
    return info.si_signo;
  }
  const bool is_passed_on = info.si_code == SI_QUEUE && info.si_pid == ::getpid();
  return is_passed_on ? info.si_value.sival_int : 0;
}

// One that nobody took would end the program.
void drop_wakes() {
  constexpr timespec kNow{};
  sigset_t wakes{};
  ::sigemptyset(&wakes);
  ::sigaddset(&wakes, kWake);
  while (::sigtimedwait(&wakes, nullptr, &kNow) > 0) {
  }
}

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
  ::sigaction(SIGPIPE, nullptr, &on_broken_pipe_before_);
  if (!is_ignored(SIGPIPE)) {
    // Not ignored: what is executed from here has it as it was.
    struct sigaction action {};
    action.sa_handler = pass_on_broken_pipe;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGPIPE, &action, nullptr);
  }
}

Interrupts::~Interrupts() {
  ::sigaction(SIGPIPE, &on_broken_pipe_before_, nullptr);
  // Those of an outer Interrupts stay.
  if (::sigismember(&mask_before_, kWake) == 0) {
    drop_wakes();
  }
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
  siginfo_t info{};
  while (::sigtimedwait(&watched_, &info, &kNow) > 0) {
    note(info);
  }
  return first_signal();
}

std::optional<int> Interrupts::note(const siginfo_t& info) {
  const int signal = meaning_of(info);
  // Each line that is written has its SIGPIPE: that is no second wish.
  if (signal == 0 || (signal == SIGPIPE && count() > 0)) {
    return std::nullopt;
  }
  const int came_before = count_.fetch_add(1);
  if (came_before == 0) {
    first_signal_ = signal;
  }
  return came_before;
}

void Interrupts::wait_for_signals(const std::stop_token& end, const std::function<void()>& on_first,
                                  const std::function<void()>& on_second) {
  while (!end.stop_requested()) {
    siginfo_t info{};
    if (::sigwaitinfo(&watched_, &info) < 0) {
      continue;  // Stopped and continued (signal(7)).
    }
    // Also when the watch ends at this moment: nobody else will see it.
    const auto came_before = note(info);
    if (!came_before || end.stop_requested()) {
      continue;
    }
    if (*came_before == 0) {
      on_first();
    } else if (*came_before == 1) {
      on_second();
    }
  }
}

}  // namespace bulkhead
