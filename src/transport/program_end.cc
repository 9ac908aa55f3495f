#include "transport/program_end.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <new>

#include "os/futex.h"
#include "transport/memory_size.h"
#include "transport/patience.h"
#include "transport/progress_word.h"

namespace bulkhead::transport {

namespace {

/// Of a large frame this much is written or read before the other workers have their turn.
constexpr std::size_t kBytesPerTurn = std::size_t{1} << 20U;
constexpr std::size_t kLooksAmidFrame = kBytesPerTurn / kMaxFragmentBytes;

/// Descriptors that a worker was handed and may not have taken yet, at most. All that are on their
/// way, of all programs of the user, may be no more than the open files of one (unix(7)); of those
/// the program has more than this for each worker anyway.
constexpr unsigned kMostUnderWay = 2;

/// What the system lacks just now, for whatever reason; no fault of this worker.
bool is_shortage(int code) {
  return code == ETOOMANYREFS || code == ENOMEM || code == ENOBUFS;
}

std::optional<std::uint64_t> sequence_of(const std::atomic<std::uint64_t>& word,
                                         std::memory_order order) {
  const std::uint64_t value = word.load(order);
  if (value == 0) {
    return std::nullopt;
  }
  return value - 1;
}

}  // namespace

os::Result<std::unique_ptr<ProgramEnd>> ProgramEnd::create(const std::string& name) {
  using Access = os::RingMapping::Access;
  const auto make = [&name](const char* part, std::size_t header,
                            Access access) -> os::Result<Memory> {
    auto fd = os::create_shared_memory(name + part, header + kRingBytes);
    if (!fd) {
      return Unexpected(std::move(fd).error());
    }
    auto mapping = os::RingMapping::map(fd->get(), header, kRingBytes, access);
    if (!mapping) {
      return Unexpected(std::move(mapping).error());
    }
    return Memory{std::move(*fd), std::move(*mapping)};
  };
  auto request = make(" requests", header_bytes<RequestHeader>(), Access::ReadWrite);
  if (!request) {
    return Unexpected(std::move(request).error());
  }
  if (auto sealed = os::seal_against_writers(request->fd.get()); !sealed) {
    return Unexpected(std::move(sealed).error());
  }
  auto reply = make(" replies", header_bytes<ReplyHeader>(), Access::ReadOnly);
  if (!reply) {
    return Unexpected(std::move(reply).error());
  }
  auto doorbell = os::Doorbell::create();
  if (!doorbell) {
    return Unexpected(std::move(doorbell).error());
  }
  auto handover = os::ControlSocket::create_pair();
  if (!handover) {
    return Unexpected(std::move(handover).error());
  }
  return std::unique_ptr<ProgramEnd>(new ProgramEnd(std::move(*request), std::move(*reply),
                                                    std::move(*doorbell), std::move(*handover)));
}

ProgramEnd::ProgramEnd(Memory request, Memory reply, os::Doorbell doorbell, Handover handover)
    : request_memory_(std::move(request.fd)),
      reply_memory_(std::move(reply.fd)),
      request_mapping_(std::move(request.mapping)),
      reply_mapping_(std::move(reply.mapping)),
      doorbell_(std::move(doorbell)),
      handover_(std::move(handover.first)),
      worker_handover_(std::move(handover.second)),
      mine_(new (request_mapping_.header()) RequestHeader),
      theirs_(static_cast<const ReplyHeader*>(reply_mapping_.header())),
      writer_({request_mapping_.body(), kRingBytes}, mine_->head, theirs_->request_tail),
      reader_(RingReader({reply_mapping_.body(), kRingBytes}, theirs_->head, mine_->reply_tail)) {}

void ProgramEnd::send(Request request) {
  backlog_.push_back(std::move(request));
}

Expected<void, Violation> ProgramEnd::flush() {
  bool looked_again = false;
  std::size_t written = 0;
  has_unwritten_ = false;
  lacks_resources_ = false;
  while (!backlog_.empty()) {
    const std::size_t before = backlog_offset_;
    const auto whole = write_first();
    if (!whole) {
      return Unexpected(whole.error());
    }
    if (*whole) {
      backlog_.pop_front();
      backlog_offset_ = 0;
      is_handed_over_ = false;
      continue;
    }
    writer_.publish();
    wake_if_parked();
    written += backlog_offset_ - before;
    if (written > kBytesPerTurn) {
      has_unwritten_ = true;
      return {};
    }
    if (backlog_offset_ != before || (written != 0 && backlog_offset_ != 0 && await_room())) {
      continue;
    }
    if (looked_again) {
      return {};
    }
    // Ask for the doorbell, then look once more: space may have come just before (Dekker's pattern
    // with WorkerEnd::try_receive).
    ask_for_space(true);
    looked_again = true;
  }
  ask_for_space(false);
  writer_.publish();
  wake_if_parked();
  return {};
}

Expected<bool, Violation> ProgramEnd::write_first() {
  const Request& request = backlog_.front();
  if (request.descriptor >= 0 && !is_handed_over_) {
    const auto handed_over = hand_over(request);
    if (!handed_over || !*handed_over) {
      return handed_over;
    }
    is_handed_over_ = true;
  }
  return write_frame(writer_, {request.kind, request.value, request.payload, request.count},
                     backlog_offset_);
}

Expected<bool, Violation> ProgramEnd::hand_over(const Request& request) {
  if (writer_.room() == writer_.capacity()) {
    descriptors_under_way_ = 0;  // The worker has read all requests before this one.
  }
  if (descriptors_under_way_ == kMostUnderWay) {
    return false;  // It will say so when it has.
  }
  const auto id = std::as_bytes(std::span(&request.value, 1));
  const auto sent = handover_.try_send(id, std::span(&request.descriptor, 1));
  lacks_resources_ = !sent && is_shortage(sent.error().code);
  if (lacks_resources_) {
    return false;
  }
  if (!sent) {
    return Unexpected(Violation{"a descriptor cannot be handed over"});
  }
  descriptors_under_way_ += *sent ? 1 : 0;
  return *sent;  // If not, room comes as the worker reads the requests before: it will say so.
}

bool ProgramEnd::await_room() noexcept {
  const std::size_t needed = room_needed(backlog_.front().payload.size() - backlog_offset_);
  return holds_soon([&] { return writer_.room().value_or(needed) >= needed; });
}

bool ProgramEnd::await_rest() const noexcept {
  return reader_.is_amid_frame() && holds_soon([this] { return reader_.has_more(); });
}

void ProgramEnd::ask_for_space(bool wanted) noexcept {
  if (wanted != asked_for_space_) {
    mine_->wants_space.store(wanted ? 1 : 0, std::memory_order_seq_cst);
    asked_for_space_ = wanted;
  }
}

void ProgramEnd::wake_if_parked() noexcept {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  // Either the worker sees the new positions before it sleeps, or this sees that it is parked
  // (Dekker's pattern with WorkerEnd::park_until).
  if (theirs_->parked.load(std::memory_order_seq_cst) != 0) {
    mine_->signal.fetch_add(1, std::memory_order_seq_cst);
    os::futex_wake(mine_->signal);
  }
}

std::optional<std::uint64_t> ProgramEnd::ban(std::uint64_t first, std::uint64_t end) {
  for (std::uint64_t sequence = first; sequence < end; ++sequence) {
    mine_->banned.at(sequence % kMaxInFlight).store(1, std::memory_order_seq_cst);
  }
  // Either the worker sees the ban, or this sees its claim (Dekker's pattern with
  // WorkerEnd::claim).
  return sequence_of(theirs_->claimed, std::memory_order_seq_cst);
}

void ProgramEnd::lift_ban(std::uint64_t sequence) {
  mine_->banned.at(sequence % kMaxInFlight).store(0, std::memory_order_relaxed);
}

void ProgramEnd::request_stop(std::uint64_t sequence) noexcept {
  mine_->stop.store(sequence + 1, std::memory_order_relaxed);
  // Release: who sees it change sees the word above; partner of WorkerEnd::stop_signal().
  mine_->stop_signal.fetch_add(1, std::memory_order_release);
  os::futex_wake(mine_->stop_signal);
}

void ProgramEnd::set_failed_runs(unsigned runs) noexcept {
  // Published with the requests that follow.
  mine_->failed_runs.store(runs, std::memory_order_relaxed);
}

Expected<std::optional<ProgramEnd::Reply>, Violation> ProgramEnd::receive() {
  for (std::size_t looks = 0; looks < (reader_.is_amid_frame() ? kLooksAmidFrame : 2); ++looks) {
    auto frame = reader_.next();
    if (!frame) {
      return Unexpected(frame.error());
    }
    if (*frame) {
      const Frame& reply = **frame;
      return std::optional(Reply{reply.kind, reader_.take_payload(reply)});
    }
    // What was read is given back: the worker may wait for that. Look once more now that it is
    // visible: what was published before rang no bell, because the worker thought us behind
    // (Dekker's pattern with WorkerEnd::publish).
    wake_if_parked();
    if (!reader_.has_more() && !await_rest()) {
      return std::optional<Reply>();
    }
  }
  // A worker that writes as fast as this reads: the others have their turn first. The doorbell is
  // not rung from here: the worker holds it too, and could make that block.
  return std::optional<Reply>();
}

std::optional<std::uint64_t> ProgramEnd::running() const noexcept {
  return sequence_of(theirs_->running, std::memory_order_acquire);
}

ProgramEnd::Time ProgramEnd::started_at() const noexcept {
  return Time(std::chrono::nanoseconds(theirs_->started_at.load(std::memory_order_acquire)));
}

std::optional<double> ProgramEnd::progress(std::uint64_t sequence) const noexcept {
  return unpack_progress(theirs_->progress.load(std::memory_order_relaxed), sequence);
}

std::uint64_t ProgramEnd::busy_calls() const noexcept {
  return theirs_->busy_calls.load(std::memory_order_relaxed);
}

std::uint64_t ProgramEnd::busy_ns() const noexcept {
  return theirs_->busy_ns.load(std::memory_order_relaxed);
}

std::uint64_t ProgramEnd::item() const noexcept {
  return theirs_->item.load(std::memory_order_relaxed);
}

std::uint8_t ProgramEnd::phase() const noexcept {
  return theirs_->phase.load(std::memory_order_relaxed);
}

os::CrashRecord ProgramEnd::black_box() const noexcept {
  os::CrashRecord record =
      theirs_->black_box;  // A copy first: then nobody changes what is checked.
  std::atomic_signal_fence(std::memory_order_seq_cst);
  record.places = std::min<std::uint32_t>(record.places, record.stack.size());
  record.reason_bytes = std::min<std::uint32_t>(record.reason_bytes, record.reason.size());
  return record;
}

}  // namespace bulkhead::transport
