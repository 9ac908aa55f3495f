// What workers answer, told to whom it concerns. Nothing that a worker wrote is believed unchecked.

#include <algorithm>
#include <new>
#include <utility>

#include "executors/pool_manager.h"
#include "executors/thrown.h"

namespace bulkhead::executors {

using transport::FrameKind;

namespace {

/// Replies of one worker that are handled before the others have their turn: what its ring holds of
/// small ones.
constexpr std::size_t kRepliesPerTurn = 16384;

/// From this size on another copy costs more than memory of its own.
constexpr std::size_t kLargeValueBytes = std::size_t{64} * 1024;

/// The next reply; one that does not fit into memory is as good as a lie.
auto receive(WorkerSeat& seat) {
  try {
    return seat.channel().receive();
  } catch (const std::bad_alloc&) {
    return decltype(seat.channel().receive())(
        Unexpected(transport::Violation{"a reply is too large for the memory"}));
  }
}

Failure exception_of(const Bytes& payload, int pid) {
  Failure failure;
  try {
    Decoder in(payload);
    failure = failure_of(detail::decode<Thrown>(in));
  } catch (const SerializationError& error) {
    failure = error.failure;
  }
  failure.pid = pid;
  return failure;
}

}  // namespace

bool PoolManager::drain(WorkerId worker) {
  const auto found = seats_.find(worker);
  if (found == seats_.end() || !found->second.is_heard()) {
    return false;
  }
  WorkerSeat& seat = found->second;
  std::size_t replies = 0;
  while (replies < kRepliesPerTurn) {
    const std::size_t results = take_results(worker, seat);
    if (results == 0 && !take_reply(worker, seat)) {
      break;
    }
    replies += std::max<std::size_t>(results, 1);
  }
  dirty_.insert(worker);  // There may be room now for requests that had to wait.
  // Only a look that found nothing makes sure that the doorbell will ring for the next reply.
  const bool looked_in_vain = replies < kRepliesPerTurn && !seat.channel().has_unread();
  if (seat.has_lied || looked_in_vain) {
    return false;
  }
  unread_.insert(worker);
  kick_.ring();
  return true;
}

std::size_t PoolManager::take_results(WorkerId worker, WorkerSeat& seat) {
  const auto due = seat.has_lied ? std::nullopt : scheduler_.next_tasks(worker);
  if (!due) {
    return 0;
  }
  TaskTable::Walk tasks(tasks_, due->first);
  const auto take = [&](const transport::PayloadRun& values) {
    for (std::size_t taken = 0; taken < values.count;) {
      const auto [group, first, of_group] = tasks.next(values.count - taken);
      group.complete(first, values.part(taken, of_group), seat.pid);
      taken += of_group;
    }
  };
  const auto count = static_cast<std::uint32_t>(seat.channel().receive_results(due->count, take));
  if (count > 0) {
    close(due->first, count);
    note_finished(worker, seat, count);
  }
  return count;
}

bool PoolManager::take_reply(WorkerId worker, WorkerSeat& seat) {
  auto received = receive(seat);
  if (!received) {
    on_violation(worker, seat, received.error().rule);
    return false;
  }
  if (!*received) {
    return false;
  }
  auto& reply = **received;
  switch (reply.kind) {
    case FrameKind::Ready:
      return on_ready(worker, seat);
    case FrameKind::Result:
    case FrameKind::Exception:
      return take_outcome(worker, seat, reply);
    case FrameKind::Skipped:
    case FrameKind::Stopped:
      return take_no_outcome(worker, seat, reply.kind);
    case FrameKind::HookFailed:
      seat.trouble = exception_of(reply.payload, seat.pid).message();
      last_trouble_ = seat.trouble;
      return true;
    case FrameKind::Leaving:
      return on_leaving(worker, seat);
    case FrameKind::Setup:
    case FrameKind::Define:
    case FrameKind::Forget:
    case FrameKind::Call:
    case FrameKind::TimedCall:
    case FrameKind::Limit:
    case FrameKind::Stop:
    case FrameKind::Share:
    case FrameKind::Unshare:
    case FrameKind::File:
    case FrameKind::Item:
    case FrameKind::Name:
      break;
  }
  on_violation(worker, seat, "a request instead of a reply");
  return false;
}

bool PoolManager::take_outcome(WorkerId worker, WorkerSeat& seat,
                               transport::ProgramEnd::Reply& reply) {
  const auto due = scheduler_.next_tasks(worker);
  if (!due) {
    on_violation(worker, seat, "a result of a call that is not its turn");
    return false;
  }
  if (reply.kind == FrameKind::Exception) {
    return take_exception(worker, seat, due->first, reply.payload);
  }
  const auto task = tasks_.at(due->first);
  if (reply.payload.size() < kLargeValueBytes) {
    task.group->complete(task.index, transport::PayloadRun::of(reply.payload), seat.pid);
  } else {
    task.group->complete_large(task.index, std::move(reply.payload), seat.pid);
  }
  close(due->first, 1);
  note_finished(worker, seat, 1);
  return true;
}

bool PoolManager::take_exception(WorkerId worker, WorkerSeat& seat, std::uint64_t task,
                                 const Bytes& exception) {
  Failure failure = exception_of(exception, seat.pid);
  failure.attempts = scheduler_.failed_runs(task) + 1;
  const auto sequence = scheduler_.next_sequence(worker);
  if (scheduler_.retries_failures(worker, sequence) && scheduler_.on_failed(worker, Clock::now())) {
    seat.close_calls(sequence, 1);
    failed_runs_[task].push_back(std::move(failure));
    return true;
  }
  fail(task, std::move(failure));
  note_finished(worker, seat, 1);
  return true;
}

bool PoolManager::take_no_outcome(WorkerId worker, WorkerSeat& seat, FrameKind kind) {
  const auto now = Clock::now();
  const auto sequence = scheduler_.next_sequence(worker);
  if (!(kind == FrameKind::Skipped ? scheduler_.on_skipped(worker, now)
                                   : scheduler_.on_stopped(worker, now))) {
    on_violation(worker, seat, "a call ended without an outcome that was not told to");
    return false;
  }
  seat.close_calls(sequence, 1);
  return true;
}

void PoolManager::note_finished(WorkerId worker, WorkerSeat& seat, std::uint32_t count) {
  seat.finished_tasks += count;
  completed_ += count;
  seat.close_calls(scheduler_.next_sequence(worker), count);
  const auto run_time = seat.mean_run_time();
  if (run_time.count() > 0) {
    recent_run_time_ = run_time;
  }
  if (!scheduler_.on_finished(worker, count, run_time, Clock::now())) {
    on_violation(worker, seat, "more results than calls");
  }
}

void PoolManager::fail(std::uint64_t id, Failure failure) {
  if (!failed_runs_.empty()) {
    if (auto failed = failed_runs_.extract(id)) {
      failure.earlier = std::move(failed.mapped());
    }
  }
  const auto task = tasks_.at(id);
  task.group->fail(task.index, std::move(failure));
  close(id, 1);
}

void PoolManager::close(std::uint64_t first_task, std::uint32_t count) {
  if (!failed_runs_.empty()) {
    failed_runs_.erase(failed_runs_.lower_bound(first_task),
                       failed_runs_.lower_bound(first_task + count));
  }
  if (!suspects_.empty()) {
    suspects_.erase(suspects_.lower_bound(first_task), suspects_.lower_bound(first_task + count));
  }
  while (count > 0) {
    const auto task = tasks_.at(first_task);
    const auto of_group = static_cast<std::uint32_t>(std::min<std::size_t>(count, task.left()));
    awaited_tasks_ -= task.group->is_awaited() ? of_group : 0;
    tasks_.close(first_task, of_group);
    first_task += of_group;
    count -= of_group;
  }
  has_news_ = true;
}

void PoolManager::on_violation(WorkerId worker, WorkerSeat& seat, const char* rule) {
  last_trouble_ = std::string("a worker broke the protocol: ") + rule;
  seat.has_lied = true;  // Nothing that it says is listened to any more.
  kill_worker(seat, worker, std::string("it broke the protocol: ") + rule);
}

}  // namespace bulkhead::executors
