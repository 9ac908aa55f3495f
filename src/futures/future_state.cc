#include "futures/future_state.h"

#include <cassert>

namespace bulkhead::detail {

void FutureState::complete(Outcome<Bytes> result) {
  assert(!is_done());
  result_.emplace(std::move(result));
  done_.store(true, std::memory_order_release);
}

bool FutureState::is_cancelled() const noexcept {
  return is_done() && !*result_ && result_->error().kind == FailureKind::Cancelled;
}

bool FutureState::wait_until(Deadline deadline) {
  if (is_done()) {
    return true;
  }
  const auto driver = driver_.lock();
  return driver ? driver->drive_until([this] { return is_done(); }, deadline) : is_done();
}

bool FutureState::cancel() {
  if (!is_done()) {
    if (const auto driver = driver_.lock()) {
      driver->cancel(task_);
    }
  }
  return is_cancelled();
}

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
const Outcome<Bytes>& result(const FutureState& state) {
  return state.result();
}

}  // namespace bulkhead::detail
