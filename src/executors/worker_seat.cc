#include "executors/worker_seat.h"

#include <algorithm>

#include <bulkhead/detail/future_state.h>

#include "executors/shared_values.h"

namespace bulkhead::executors {

using transport::FrameKind;

namespace {
/// Calls travel in frames of about this size, so that the worker begins before all have come.
constexpr std::size_t kCallFrameBytes = 16 * 1024;
}  // namespace

void WorkerSeat::send_calls(const std::shared_ptr<detail::TaskGroup>& group, std::size_t first,
                            std::size_t count) {
  share(group->function().callable.shared);
  define(group->function());
  share(group->shared());
  tell_name(group);
  const std::chrono::nanoseconds limit = group->options().timeout;
  const bool timed = limit > limit.zero() || group->options().relative_timeout > 0;
  if (timed && std::exchange(known_limit_, limit) != limit) {
    channel_->send({.kind = FrameKind::Limit, .value = static_cast<std::uint64_t>(limit.count())});
  }
  const FrameKind kind = timed ? FrameKind::TimedCall : FrameKind::Call;
  const auto own_keeper = group->argument_keeper();
  const auto keeper = own_keeper ? own_keeper : group;
  while (count > 0) {
    const auto run = group->arguments(first, count, kCallFrameBytes);
    tell_item(group->index_of(first), run.count);
    channel_->send({.kind = kind,
                    .value = group->function().id,
                    .count = static_cast<std::uint16_t>(run.count),
                    .payload = run.bytes,
                    .keeper = keeper});
    first += run.count;
    count -= run.count;
  }
}

void WorkerSeat::tell_item(std::optional<std::uint64_t> position, std::size_t calls) {
  const std::uint64_t item = position ? 1 + *position : 0;
  if (expected_item_ != item) {
    channel_->send({.kind = FrameKind::Item, .value = item});
  }
  expected_item_ = item == 0 ? 0 : item + calls;
}

void WorkerSeat::tell_name(const std::shared_ptr<detail::TaskGroup>& group) {
  const std::string& name = group->options().name;
  if (name != known_name_) {
    known_name_ = name;
    channel_->send(
        {.kind = FrameKind::Name, .payload = std::as_bytes(std::span(name)), .keeper = group});
  }
}

void WorkerSeat::define(const detail::Function& function) {
  if (!known_functions_.insert(function.id).second) {
    return;
  }
  const auto definition = std::make_shared<Bytes>();
  Encoder out(*definition);
  detail::encode_code_address(out, reinterpret_cast<const void*>(function.callable.name));
  const auto state = function.callable.state();
  out.count(state.size());
  out.raw(state.data(), state.size());
  channel_->send({.kind = FrameKind::Define,
                  .value = function.id,
                  .payload = *definition,
                  .keeper = definition});
}

void WorkerSeat::send_setup(Bytes setup) {
  const auto payload = std::make_shared<Bytes>(std::move(setup));
  channel_->send({.kind = FrameKind::Setup, .payload = *payload, .keeper = payload});
}

void WorkerSeat::share(const std::vector<detail::SharedReference>& memories) {
  for (const auto& memory : memories) {
    if (known_shared_.try_emplace(memory->id(), memory).second) {
      channel_->send({.kind = memory->is_file() ? FrameKind::File : FrameKind::Share,
                      .value = memory->id(),
                      .keeper = memory,
                      .descriptor = memory->fd()});
    }
  }
}

bool WorkerSeat::forget_shared() {
  const auto gone = std::erase_if(known_shared_, [this](const auto& known) {
    if (!known.second.expired()) {
      return false;
    }
    channel_->send({.kind = FrameKind::Unshare, .value = known.first});
    return true;
  });
  return gone != 0;
}

void WorkerSeat::send_stop() {
  channel_->send({.kind = FrameKind::Stop});
}

void WorkerSeat::forget(std::uint64_t function) {
  if (known_functions_.erase(function) != 0) {
    channel_->send({.kind = FrameKind::Forget, .value = function});
  }
}

std::optional<std::uint64_t> WorkerSeat::ban(std::uint64_t first, std::uint64_t end) {
  bans_end_ = std::max(bans_end_, end);
  // Some may have ended since this was decided. Nobody would lift a ban on those before their
  // places stand for later calls.
  return channel_->ban(std::max(first, open_calls_), end);
}

void WorkerSeat::close_calls(std::uint64_t first, std::uint64_t count) {
  open_calls_ = first + count;
  const std::uint64_t end = std::min(first + count, bans_end_);
  for (std::uint64_t sequence = first; sequence < end; ++sequence) {
    channel_->lift_ban(sequence);
  }
}

void WorkerSeat::must_leave_within(std::chrono::nanoseconds limit) {
  const detail::Deadline deadline = detail::deadline_after(limit);
  if (!leave_by || (deadline && *deadline < *leave_by)) {
    leave_by = deadline;
  }
}

std::chrono::nanoseconds WorkerSeat::mean_run_time() {
  // The worker's own figures, believed as far as they make sense: they only size chunks. Unsigned,
  // so that no lie overflows.
  const std::uint64_t all_calls = channel_->busy_calls();
  const std::uint64_t all_busy_ns = channel_->busy_ns();
  const std::uint64_t calls = all_calls - std::exchange(seen_calls_, all_calls);
  const std::uint64_t busy_ns = all_busy_ns - std::exchange(seen_busy_ns_, all_busy_ns);
  constexpr std::uint64_t kMost = std::uint64_t{1} << 60U;
  if (calls == 0 || calls > kMost || busy_ns > kMost) {
    return std::chrono::nanoseconds(0);
  }
  return std::chrono::nanoseconds(std::max<std::uint64_t>(busy_ns / calls, 1));
}

WorkerStats WorkerSeat::stats(bool alive) const {
  return {.pid = pid,
          .tasks = finished_tasks,
          .busy = std::chrono::nanoseconds(channel_->busy_ns()),
          .alive = alive};
}

}  // namespace bulkhead::executors
