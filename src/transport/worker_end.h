#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "os/control_socket.h"
#include "os/doorbell.h"
#include "os/shared_memory.h"
#include "os/unique_fd.h"
#include "transport/frame.h"
#include "transport/layout.h"

namespace bulkhead::transport {

/// The worker's end of its channel to the program. Blocks where it must; the program's death ends
/// the worker, so no wait needs a limit. Used by the worker's main thread only.
class WorkerEnd {
 public:
  static os::Result<std::unique_ptr<WorkerEnd>> open(const os::UniqueFd& request_memory,
                                                     const os::UniqueFd& reply_memory,
                                                     os::Doorbell doorbell,
                                                     os::ControlSocket handover);

  /// The descriptor that came with the request Share or File of this number; an error if it did not
  /// come.
  os::Result<os::UniqueFd> take_descriptor(std::uint64_t number);

  /// The next request if it has arrived; its payload is valid until the next call.
  Expected<std::optional<Frame>, Violation> try_receive();
  /// The payload of the request that was just received, to be kept; no copy of a large one.
  Bytes take_payload(const Frame& request) { return reader_.take_payload(request); }
  /// Sleeps until there is something to receive.
  void wait_for_request();

  /// Claims the next call: true: it may be started now; false: it is banned and must be skipped.
  /// `timed`: also says when. Rings for what was published before.
  bool claim(std::uint64_t sequence, bool timed);

  /// Sends one reply; waits while the ring is full and the program has not read.
  void send(FrameKind kind, std::span<const std::byte> payload);

  /// Room in the ring where a result can be written; may be none.
  std::span<std::byte> room_for_result();
  /// Sends the result that is the first bytes of room_for_result(). It is published at once; if the
  /// program sleeps it is woken by the next claim(), send() or announce().
  void send_from_room(std::size_t bytes);
  /// Wakes the program, if it sleeps, for what was published.
  void announce();
  /// The same, also if it is busy: nothing is left to do here.
  void announce_rest();
  /// The same, if no request has come behind the one that is being handled: the program has as long
  /// as that takes to send more.
  void announce_if_last();

  // ---- what the program says about a call under way
  /// Whether this call is asked to stop.
  bool is_stop_requested(std::uint64_t sequence) const noexcept;
  /// Changes whenever a call is asked to stop.
  std::uint32_t stop_signal() const noexcept;
  /// Sleeps until it is not `seen` any more, or less. In any thread, of which one may sleep.
  void wait_for_stop_signal(std::uint32_t seen) const noexcept;
  /// How often the call under way was started before.
  unsigned failed_runs() const noexcept;

  /// Tells how far the call is, from 0 to 1.
  void report_progress(std::uint64_t sequence, double fraction) noexcept;
  /// When the newest timed call was claimed.
  std::chrono::steady_clock::time_point started_at() const noexcept;

  /// Tells how much time the calls have taken so far.
  void report_busy(std::chrono::nanoseconds busy, std::uint64_t calls);

  /// Where to write what the call is about, a TaskPhase; read by the program when this process
  /// died.
  std::atomic<std::uint8_t>& phase() noexcept { return mine_->phase; }
  /// Where to write which item of a map the call is about, 1 + its position; 0: none. Read like
  /// that.
  std::atomic<std::uint64_t>& item() noexcept { return mine_->item; }
  /// Where to write down the cause of this process's death.
  os::CrashRecord& black_box() noexcept { return mine_->black_box; }

 private:
  WorkerEnd(os::RingMapping request, os::RingMapping reply, os::Doorbell doorbell,
            os::ControlSocket handover);

  void publish();
  void ring() const;
  void ring_if_asleep();
  template <class Condition>
  void park_until(Condition condition);

  os::RingMapping request_mapping_;
  os::RingMapping reply_mapping_;
  os::Doorbell doorbell_;
  os::ControlSocket handover_;
  const RequestHeader* theirs_;
  ReplyHeader* mine_;
  FrameReader reader_;
  RingWriter writer_;
  std::uint64_t announced_ = 0;  ///< replies up to here are known to the program, or it was rung
};

}  // namespace bulkhead::transport
