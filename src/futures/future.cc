// The compiled part of Future<T>.

#include <ostream>

#include "futures/continuations.h"
#include "futures/exception_capture.h"
#include "futures/future_state.h"

namespace bulkhead::detail {

namespace {

[[noreturn]] void raise(const FutureState& state) {
  const LocalResult* const local = state.local_result();
  if (local != nullptr && local->thrown) {
    std::rethrow_exception(local->thrown);
  }
  state.failure()->raise();
}

}  // namespace

bool wait_until(FutureState& state, Deadline deadline) {
  return state.wait_until(deadline);
}
bool is_done(const FutureState& state) {
  return state.is_done();
}
bool is_cancelled(const FutureState& state) {
  return state.is_cancelled();
}
bool cancel(FutureState& state) {
  return state.cancel();
}
bool kill(FutureState& state) {
  return state.kill();
}
bool is_running(const FutureState& state) {
  return state.is_running();
}
std::optional<double> progress(const FutureState& state) {
  return state.progress();
}
const Failure* failure_of(const FutureState& state) {
  return state.failure();
}
std::optional<std::span<const std::byte>> encoded_value(const FutureState& state) {
  const EncodedValue* const value = state.encoded_value();
  return value == nullptr ? std::nullopt : std::optional(value->bytes());
}
const LocalResult& local_value(const FutureState& state) {
  return *state.local_result();
}
int worker_of(const FutureState& state) {
  return state.worker();
}
void raise_failure(const FutureState& state) {
  raise(state);
}
bool watch(FutureState& state, Continuation& continuation) {
  return state.watch(continuation);
}
bool unwatch(FutureState& state, Continuation& continuation) {
  return state.unwatch(continuation) || forget(continuation);
}

std::exception_ptr exception_of(const FutureState& state) {
  if (state.failure() == nullptr) {
    return nullptr;
  }
  try {
    raise(state);
  } catch (...) {
    return std::current_exception();
  }
}

std::ostream& print(std::ostream& out, const FutureState& state, const std::type_info& type) {
  if (!state.is_done()) {
    return out << (state.is_running() ? "<Future running>" : "<Future pending>");
  }
  const Failure* const failure = state.failure();
  if (failure == nullptr) {
    return out << "<Future finished: " << demangled(type) << '>';
  }
  if (failure->kind == FailureKind::Cancelled) {
    return out << "<Future cancelled>";
  }
  return out << "<Future failed: " << failure->message() << '>';
}

}  // namespace bulkhead::detail
