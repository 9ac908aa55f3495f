#include "executors/worker_task.h"

#include "executors/thrown.h"

namespace bulkhead::executors {

void WorkerTask::begin(std::uint64_t sequence, bool timed) noexcept {
  stops_.forget();  // First: what is asked of this call is nothing to the token of the last.
  number_.store(sequence + 1, std::memory_order_relaxed);
  if (timed) {
    timed_.store(sequence + 1, std::memory_order_relaxed);
  }
}

void WorkerTask::end() noexcept {
  stops_.forget();
  number_.store(0, std::memory_order_relaxed);
}

std::stop_token WorkerTask::stop_token() {
  return stops_.token();
}

bool WorkerTask::is_stop_requested() noexcept {
  const std::uint64_t number = number_.load(std::memory_order_relaxed);
  if (number == 0 || !channel_.is_stop_requested(number - 1)) {
    return false;
  }
  stopped_.store(number, std::memory_order_relaxed);
  return true;
}

std::optional<std::chrono::nanoseconds> WorkerTask::remaining() const noexcept {
  const std::uint64_t number = number_.load(std::memory_order_relaxed);
  if (number == 0 || timed_.load(std::memory_order_relaxed) != number || limit_ == limit_.zero()) {
    return std::nullopt;
  }
  return limit_ - (std::chrono::steady_clock::now() - channel_.started_at());
}

unsigned WorkerTask::attempt() const noexcept {
  return number_.load(std::memory_order_relaxed) == 0 ? 0 : 1 + channel_.failed_runs();
}

std::optional<std::uint64_t> WorkerTask::index() const noexcept {
  return number_.load(std::memory_order_relaxed) == 0
             ? std::nullopt
             : index_of_item(channel_.item().load(std::memory_order_relaxed));
}

void WorkerTask::report_progress(double fraction) noexcept {
  const std::uint64_t number = number_.load(std::memory_order_relaxed);
  if (number != 0) {
    channel_.report_progress(number - 1, fraction);
  }
}

}  // namespace bulkhead::executors
