#include "futures/continuations.h"

#include <atomic>
#include <deque>
#include <exception>
#include <utility>

#include <bulkhead/future.h>

namespace bulkhead {

namespace {
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables): like std::set_terminate
std::atomic<CallbackErrorHandler> error_handler{nullptr};
std::atomic<std::uint64_t> error_count{0};
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)
}  // namespace

CallbackErrorHandler set_callback_error_handler(CallbackErrorHandler handler) noexcept {
  return error_handler.exchange(handler);
}

std::uint64_t callback_errors() noexcept {
  return error_count.load();
}

namespace detail {

namespace {

struct ThisThread {
  std::deque<Continuation*> waiting;
  bool is_running = false;
};

ThisThread& this_thread() {
  thread_local ThisThread state;
  return state;
}

void report_current_exception() noexcept {
  ++error_count;
  if (const CallbackErrorHandler handler = error_handler.load()) {
    handler(std::current_exception());
  }
}

void run_one(ThisThread& thread, Continuation& continuation) noexcept {
  const bool was_running = std::exchange(thread.is_running, true);
  try {
    continuation.run();
  } catch (...) {
    report_current_exception();
  }
  thread.is_running = was_running;
}

}  // namespace

void Continuation::on_completed() noexcept {
  this_thread().waiting.push_back(this);
}

void run_now(Continuation& continuation) noexcept {
  run_one(this_thread(), continuation);
  run_in_turn();
}

bool is_turn_due() noexcept {
  return !this_thread().is_running && has_continuations_to_run();
}

void run_in_turn() noexcept {
  if (is_turn_due()) {
    run_continuations();
  }
}

bool has_continuations_to_run() noexcept {
  return !this_thread().waiting.empty();
}

bool forget(Continuation& continuation) noexcept {
  return std::erase(this_thread().waiting, &continuation) != 0;
}

void run_continuations() noexcept {
  ThisThread& thread = this_thread();
  while (!thread.waiting.empty()) {
    Continuation& next = *thread.waiting.front();
    thread.waiting.pop_front();
    run_one(thread, next);
  }
}

}  // namespace detail
}  // namespace bulkhead
