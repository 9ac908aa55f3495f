#include "executors/worker_seat.h"

#include <algorithm>

namespace bulkhead::executors {

using transport::FrameKind;

void WorkerSeat::send_call(const detail::Function& function, std::shared_ptr<const Bytes> arguments,
                           bool timed) {
  if (known_functions_.insert(function.id).second) {
    auto definition = std::make_shared<Bytes>();
    Encoder out(*definition);
    detail::encode_code_address(out, reinterpret_cast<const void*>(function.callable.name));
    out(function.callable.closure);
    channel_->send({FrameKind::Define, function.id, std::move(definition)});
  }
  channel_->send(
      {timed ? FrameKind::TimedCall : FrameKind::Call, function.id, std::move(arguments)});
}

void WorkerSeat::send_stop() {
  channel_->send({FrameKind::Stop, 0, nullptr});
}

void WorkerSeat::forget(std::uint64_t function) {
  if (known_functions_.erase(function) != 0) {
    channel_->send({FrameKind::Forget, function, nullptr});
  }
}

std::optional<std::uint64_t> WorkerSeat::ban(std::uint64_t first, std::uint64_t end) {
  bans_end_ = std::max(bans_end_, end);
  return channel_->ban(first, end);
}

void WorkerSeat::close_call(std::uint64_t sequence) {
  if (sequence < bans_end_) {
    channel_->lift_ban(sequence);
  }
}

std::chrono::nanoseconds WorkerSeat::mean_run_time() {
  // The worker's own figures, believed as far as they make sense: they only size chunks.
  const std::uint64_t calls = channel_->busy_calls() - seen_busy_calls_;
  const auto busy = channel_->busy() - seen_busy_;
  seen_busy_calls_ += calls;
  seen_busy_ += busy;
  constexpr std::uint64_t kMostCalls = 1U << 30U;
  if (calls == 0 || calls > kMostCalls || busy < std::chrono::nanoseconds(0)) {
    return std::chrono::nanoseconds(0);
  }
  return std::max(busy / static_cast<std::int64_t>(calls), std::chrono::nanoseconds(1));
}

WorkerStats WorkerSeat::stats(bool alive) const {
  return {.pid = pid, .tasks = finished_tasks, .busy = channel_->busy(), .alive = alive};
}

}  // namespace bulkhead::executors
