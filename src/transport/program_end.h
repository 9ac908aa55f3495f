#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "os/control_socket.h"
#include "os/doorbell.h"
#include "os/shared_memory.h"
#include "os/system_error.h"
#include "os/unique_fd.h"
#include "transport/frame.h"
#include "transport/layout.h"

namespace bulkhead::transport {

/// A request on its way.
struct Request {
  FrameKind kind = FrameKind::Stop;
  std::uint64_t value = 0;
  std::uint16_t count = 0;  ///< calls
  std::span<const std::byte> payload{};
  std::shared_ptr<const void> keeper{};  ///< of the memory where the payload lies
  int descriptor = -1;  ///< handed over to the worker before it can read this; kept by the keeper
};

/// The program's end of the channel to one worker. It owns the memory, trusts nothing that the
/// worker writes there, and never blocks. Not thread-safe.
class ProgramEnd {
 public:
  using Time = std::chrono::steady_clock::time_point;

  static os::Result<std::unique_ptr<ProgramEnd>> create(const std::string& name);

  // ---- what a worker must be given
  int request_memory() const noexcept { return request_memory_.get(); }
  int reply_memory() const noexcept { return reply_memory_.get(); }
  /// Rung by the worker when replies have come, or when there is space that was waited for.
  int doorbell() const noexcept { return doorbell_.fd(); }
  /// Where the worker finds the descriptors that requests hand over. Nothing is read from it here.
  int handover() const noexcept { return worker_handover_.fd(); }

  // ---- requests
  /// Queues a request. It may be written in part, or not at all until the worker has read more.
  void send(Request request);
  /// Writes what fits, makes it visible and wakes the worker if it sleeps. While the worker reads a
  /// large request as fast as it is written this goes on for a megabyte, no longer: then
  /// has_unwritten(), and no doorbell will tell.
  Expected<void, Violation> flush();
  bool has_unwritten() const noexcept { return has_unwritten_; }
  /// The last flush() ended because the system had no room for a descriptor on its way. No doorbell
  /// tells when it has: call it again after a while.
  bool lacks_resources() const noexcept { return lacks_resources_; }

  // ---- bans
  /// Forbids the worker to start calls [first, end), and gives the last call that it may have set
  /// out to start all the same; nullopt: none. Later calls of the range will certainly not start.
  std::optional<std::uint64_t> ban(std::uint64_t first, std::uint64_t end);
  /// The call is over: its place may be used by a later one.
  void lift_ban(std::uint64_t sequence);

  // ---- one call under way
  /// Asks this call to stop, which it learns if it looks.
  void request_stop(std::uint64_t sequence) noexcept;
  /// Says how often the calls that are sent from now on were started before. 0, unless there is
  /// only one on its way.
  void set_failed_runs(unsigned runs) noexcept;

  // ---- replies
  /// The next reply, its payload copied out; nullopt: none at the moment, and the doorbell will
  /// ring at the next one, unless has_unread(). Of a frame that is larger than the ring it reads a
  /// part at a time, so that no worker can keep its caller from the others.
  struct Reply {
    FrameKind kind;
    Bytes payload;
  };
  Expected<std::optional<Reply>, Violation> receive();
  /// Receives small results as long as one follows the other, `most` of them at most;
  /// take(PayloadRun) copies them from where the worker can still change them. Returns how many
  /// there were; what else there is, or that there is nothing, is for receive() to say.
  template <class Take>
  std::size_t receive_results(std::size_t most, Take take) {
    return reader_.take_whole(FrameKind::Result, most, take);
  }
  /// There is more to receive, and no doorbell will tell.
  bool has_unread() const noexcept { return reader_.has_more(); }
  /// Says how replies are noticed from now on. Whoever lowers it must look at has_unread() then:
  /// for what was published before no doorbell may have rung.
  void pay(Attention attention) noexcept {
    mine_->attention.store(attention, std::memory_order_seq_cst);
  }

  // ---- what the worker says about itself: hints, to be checked by who uses them
  /// The last call that it started, which may be over by now; nullopt: none yet.
  std::optional<std::uint64_t> running() const noexcept;
  Time started_at() const noexcept;  ///< of running(), if that is a timed call
  /// How far this call says it is, from 0 to 1; nullopt: it said nothing.
  std::optional<double> progress(std::uint64_t sequence) const noexcept;
  std::uint64_t busy_calls() const noexcept;
  std::uint64_t busy_ns() const noexcept;
  std::uint8_t phase() const noexcept;  ///< any number
  std::uint64_t item() const noexcept;  ///< any number
  /// What the worker wrote down as it died, its counts within their limits, all else any bytes.
  os::CrashRecord black_box() const noexcept;

 private:
  struct Memory {
    os::UniqueFd fd;
    os::RingMapping mapping;
  };

  using Handover = std::pair<os::ControlSocket, os::ControlSocket>;

  ProgramEnd(Memory request, Memory reply, os::Doorbell doorbell, Handover handover);

  /// Writes the next fragment of the first request, its descriptor before it. True: it is written
  /// whole.
  Expected<bool, Violation> write_first();
  /// False: not yet.
  Expected<bool, Violation> hand_over(const Request& request);

  void wake_if_parked() noexcept;
  void ask_for_space(bool wanted) noexcept;
  /// Looks for a little while for room for more of the first request.
  bool await_room() noexcept;
  /// Looks for a little while for more of a frame.
  bool await_rest() const noexcept;

  os::UniqueFd request_memory_;
  os::UniqueFd reply_memory_;
  os::RingMapping request_mapping_;
  os::RingMapping reply_mapping_;
  os::Doorbell doorbell_;
  os::ControlSocket handover_;
  os::ControlSocket worker_handover_;  ///< its other end, the worker's
  RequestHeader* mine_;
  const ReplyHeader* theirs_;
  RingWriter writer_;
  FrameReader reader_;
  std::deque<Request> backlog_;
  std::size_t backlog_offset_ = 0;      ///< of the first request's payload, what is written already
  bool is_handed_over_ = false;         ///< the first request's descriptor
  unsigned descriptors_under_way_ = 0;  ///< at most
  bool has_unwritten_ = false;
  bool lacks_resources_ = false;
  bool asked_for_space_ = false;  ///< the worker rings when it has read requests
};

}  // namespace bulkhead::transport
