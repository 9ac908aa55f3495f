#include "transport/worker_end.h"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>
#include <span>
#include <thread>

#include "os/futex.h"
#include "transport/fault_step.h"
#include "transport/memory_size.h"
#include "transport/patience.h"
#include "transport/progress_word.h"

namespace bulkhead::transport {

os::Result<std::unique_ptr<WorkerEnd>> WorkerEnd::open(const os::UniqueFd& request_memory,
                                                       const os::UniqueFd& reply_memory,
                                                       os::Doorbell doorbell,
                                                       os::ControlSocket handover) {
  using Access = os::RingMapping::Access;
  auto request = os::RingMapping::map(request_memory.get(), header_bytes<RequestHeader>(),
                                      kRingBytes, Access::ReadOnly);
  if (!request) {
    return Unexpected(std::move(request).error());
  }
  auto reply = os::RingMapping::map(reply_memory.get(), header_bytes<ReplyHeader>(), kRingBytes,
                                    Access::ReadWrite);
  if (!reply) {
    return Unexpected(std::move(reply).error());
  }
  return std::unique_ptr<WorkerEnd>(new WorkerEnd(std::move(*request), std::move(*reply),
                                                  std::move(doorbell), std::move(handover)));
}

WorkerEnd::WorkerEnd(os::RingMapping request, os::RingMapping reply, os::Doorbell doorbell,
                     os::ControlSocket handover)
    : request_mapping_(std::move(request)),
      reply_mapping_(std::move(reply)),
      doorbell_(std::move(doorbell)),
      handover_(std::move(handover)),
      theirs_(static_cast<const RequestHeader*>(request_mapping_.header())),
      mine_(new (reply_mapping_.header()) ReplyHeader),
      reader_(
          RingReader({request_mapping_.body(), kRingBytes}, theirs_->head, mine_->request_tail)),
      writer_({reply_mapping_.body(), kRingBytes}, mine_->head, theirs_->reply_tail) {}

namespace {
/// Going to sleep and being woken costs tens of microseconds on a virtual CPU; a caller that waits
/// for one result after the other comes back sooner. Each turn leaves the CPU to whoever wants it.
constexpr int kTurnsBeforeSleep = 100;

constexpr int kExitWithoutDoorbell = 1;
}  // namespace

template <class Condition>
void WorkerEnd::park_until(Condition condition) {
  for (int turn = 0; turn < kTurnsBeforeSleep && !condition(); ++turn) {
    std::this_thread::yield();
  }
  while (!condition()) {
    const std::uint32_t signal = theirs_->signal.load(std::memory_order_seq_cst);
    mine_->parked.store(1, std::memory_order_seq_cst);
    // Either this sees what the program published, or the program sees that we are parked, changes
    // the signal and wakes us (Dekker's pattern with ProgramEnd::wake_if_parked).
    at_step(FaultStep::Parking);
    if (!condition()) {
      os::futex_wait(theirs_->signal, signal);
    }
    mine_->parked.store(0, std::memory_order_relaxed);
  }
}

Expected<std::optional<Frame>, Violation> WorkerEnd::try_receive() {
  const std::uint64_t before = reader_.released();
  auto frame = reader_.next();
  // The program may wait for space: tell it when there is some (Dekker's pattern with
  // ProgramEnd::flush).
  if (reader_.released() != before && theirs_->wants_space.load(std::memory_order_seq_cst) != 0) {
    ring();
  }
  at_step(FaultStep::Received);
  return frame;
}

void WorkerEnd::wait_for_request() {
  const auto has_more = [this] { return reader_.has_more(); };
  if (!reader_.is_amid_frame() || !holds_soon(has_more)) {
    park_until(has_more);
  }
}

os::Result<os::UniqueFd> WorkerEnd::take_descriptor(std::uint64_t number) {
  std::uint64_t received = 0;
  // It was sent before the request, so this does not wait.
  auto message = handover_.try_receive(std::as_writable_bytes(std::span(&received, 1)));
  if (!message) {
    return Unexpected(std::move(message).error());
  }
  if (!*message || received != number || (*message)->fds.size() != 1) {
    // The kernel drops descriptors that there is no room for (unix(7)).
    return Unexpected(os::SystemError{EMFILE, "take over a shared value"});
  }
  return std::move((*message)->fds.front());
}

bool WorkerEnd::claim(std::uint64_t sequence, bool timed) {
  at_step(FaultStep::BeforeClaim);
  mine_->claimed.store(sequence + 1, std::memory_order_relaxed);
  at_step(FaultStep::Claimed);
  // One fence for two questions. The ban: either this sees it, or the program sees the claim
  // (Dekker's pattern with ProgramEnd::ban). And the doorbell, for the result before.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  ring_if_asleep();
  if (theirs_->banned[sequence % kMaxInFlight].load(std::memory_order_acquire) != 0) {
    return false;
  }
  if (timed) {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    mine_->started_at.store(std::chrono::nanoseconds(now).count(), std::memory_order_relaxed);
  }
  // Published after the time that belongs to it.
  mine_->running.store(sequence + 1, std::memory_order_release);
  at_step(FaultStep::Running);
  return true;
}

void WorkerEnd::send(FrameKind kind, std::span<const std::byte> payload) {
  std::size_t offset = 0;
  for (;;) {
    const auto whole = write_frame(writer_, {kind, 0, payload}, offset);
    publish();
    announce();
    if (!whole || *whole) {
      return;  // The program does not lie about its position: it is the one who would be harmed.
    }
    at_step(FaultStep::InReply);
    const std::size_t needed = room_needed(payload.size() - offset);
    const auto has_room = [this, needed] { return writer_.room().value_or(needed) >= needed; };
    if (!holds_soon(has_room)) {
      announce_rest();
      park_until(has_room);
    }
  }
}

namespace {
constexpr std::size_t kResultHeaderBytes = header_size(FrameKind::Result);
}

std::span<std::byte> WorkerEnd::room_for_result() {
  // Larger results go through send() at little extra cost.
  constexpr std::size_t kMostBytes = 4096;
  if (writer_.room(kResultHeaderBytes + kMostBytes).value_or(0) < kResultHeaderBytes + kMostBytes) {
    return {};
  }
  return writer_.next(kResultHeaderBytes + kMostBytes).subspan(kResultHeaderBytes);
}

void WorkerEnd::send_from_room(std::size_t bytes) {
  const FragmentHeader header{static_cast<std::uint32_t>(bytes), FrameKind::Result, false, 0, 0};
  const auto place = writer_.reserve(kResultHeaderBytes + padded(bytes));
  std::memcpy(place.data(), &header, kResultHeaderBytes);
  publish();
}

void WorkerEnd::publish() {
  at_step(FaultStep::Written);
  writer_.publish();
  at_step(FaultStep::Published);
}

void WorkerEnd::announce() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  ring_if_asleep();
}

void WorkerEnd::ring_if_asleep() {
  const std::uint64_t published = writer_.published();
  if (published == announced_) {
    return;
  }
  // A program that has not read what was there at the last look will look again before it sleeps;
  // so will one that says that it is busy or awake (Dekker's pattern with ProgramEnd::receive and
  // ProgramEnd::pay).
  const std::uint64_t read = theirs_->reply_tail.load(std::memory_order_acquire);
  const bool has_caught_up = read - announced_ <= published - announced_;
  announced_ = published;
  if (has_caught_up && theirs_->attention.load(std::memory_order_acquire) == Attention::Asleep) {
    ring();
  }
}

void WorkerEnd::announce_rest() {
  announce();
  const bool is_unread = theirs_->reply_tail.load(std::memory_order_acquire) != writer_.published();
  if (is_unread && theirs_->attention.load(std::memory_order_acquire) == Attention::Busy) {
    ring();
  }
}

void WorkerEnd::announce_if_last() {
  if (!reader_.has_more()) {
    announce_rest();
  }
}

void WorkerEnd::ring() const {
  if (!doorbell_.ring()) {
    // A task closed it. Only by its end can this process still say that there are results, and only
    // so will nobody wait for one that goes unheard.
    std::_Exit(kExitWithoutDoorbell);
  }
}

bool WorkerEnd::is_stop_requested(std::uint64_t sequence) const noexcept {
  return theirs_->stop.load(std::memory_order_relaxed) == sequence + 1;
}

std::uint32_t WorkerEnd::stop_signal() const noexcept {
  return theirs_->stop_signal.load(std::memory_order_acquire);
}

void WorkerEnd::wait_for_stop_signal(std::uint32_t seen) const noexcept {
  os::futex_wait(theirs_->stop_signal, seen);
}

unsigned WorkerEnd::failed_runs() const noexcept {
  return theirs_->failed_runs.load(std::memory_order_relaxed);
}

void WorkerEnd::report_progress(std::uint64_t sequence, double fraction) noexcept {
  mine_->progress.store(pack_progress(sequence, fraction), std::memory_order_relaxed);
}

std::chrono::steady_clock::time_point WorkerEnd::started_at() const noexcept {
  return std::chrono::steady_clock::time_point(
      std::chrono::nanoseconds(mine_->started_at.load(std::memory_order_relaxed)));
}

void WorkerEnd::report_busy(std::chrono::nanoseconds busy, std::uint64_t calls) {
  mine_->busy_ns.store(static_cast<std::uint64_t>(busy.count()), std::memory_order_relaxed);
  mine_->busy_calls.store(calls, std::memory_order_relaxed);
}

}  // namespace bulkhead::transport
