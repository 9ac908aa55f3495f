#include "executors/memory_watch.h"

#include <new>

namespace bulkhead::executors {

namespace {

constexpr auto kBetweenLooks = std::chrono::milliseconds(10);

/// What a worker that ran into its limit may still take, to tell of it and to leave.
constexpr std::uint64_t kReserve = std::uint64_t{16} << 20U;

// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables): a new-handler has no arguments
std::uint64_t hard_limit = 0;
bool limit_was_hit = false;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

/// Called by operator new when the system refuses. Without more room not even the exception could
/// be described: a worker that was here once leaves after its task.
void on_limit() {
  limit_was_hit = true;
  os::limit_data(hard_limit + kReserve);
  throw std::bad_alloc();
}

}  // namespace

void MemoryWatch::start(std::uint64_t soft, std::uint64_t hard) {
  limit_was_hit = false;  // Of the worker that made the pool of this one, perhaps.
  if (soft == 0 && hard == 0) {
    return;
  }
  const os::MemoryInUse now = gauge_.emplace().read();
  soft_ = now.resident_bytes + (soft != 0 ? soft : hard / 2);
  if (hard != 0) {
    hard_limit = now.data_bytes + hard;
    os::limit_data(hard_limit);
    std::set_new_handler(&on_limit);
  }
}

void MemoryWatch::seal() {
  os::limit_raising_data(kReserve);
}

bool MemoryWatch::was_limit_hit() const noexcept {
  return limit_was_hit;
}

bool MemoryWatch::look(Clock::time_point now) {
  next_look_ = now + kBetweenLooks;
  return gauge_->read().resident_bytes > soft_;
}

}  // namespace bulkhead::executors
