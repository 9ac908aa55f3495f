#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include <bulkhead/codec.h>
#include <bulkhead/expected.h>

#include "transport/ring.h"

namespace bulkhead::transport {

/// What a frame says. Requests go to the worker, replies come from it.
enum class FrameKind : std::uint8_t {
  Define = 1,  ///< request: function `value` is this code with this closure
  Forget,      ///< request: function `value` is not needed any more
  Call,        ///< request: the next `count` calls, of function `value`; the payload is their
               ///< arguments, of equal size, one behind the other
  TimedCall,   ///< the same, and say when each was claimed
  Stop,        ///< request: leave
  Ready,       ///< reply: the worker is set up
  Result,      ///< reply: call `value` ended with these bytes
  Exception,   ///< reply: call `value` threw what the payload describes
  Skipped,     ///< reply: call `value` was banned and not started
  Setup,       ///< request: the first: be as the payload says
  HookFailed,  ///< reply: the initializer or the finalizer threw what the payload describes
  Leaving,     ///< reply: no more calls are run, the worker holds too much memory
  Limit,       ///< request: the timed calls that follow may take `value` ns each
  Stopped,     ///< reply: call `value` ended because it was asked to stop
};
inline constexpr auto kLastFrameKind = FrameKind::Stopped;

/// One frame, complete.
struct Frame {
  FrameKind kind = FrameKind::Stop;
  std::uint64_t value = 0;
  std::span<const std::byte> payload;  ///< valid until the reader's next call
  std::uint16_t count = 0;             ///< calls
};

/// A frame travels as one fragment or several, each a header and its bytes, padded to 8 bytes: so a
/// frame may be larger than the ring.
struct FragmentHeader {
  std::uint32_t bytes = 0;  ///< of the payload that follow
  FrameKind kind = FrameKind::Stop;
  bool more = false;  ///< the next fragment belongs to the same frame
  std::uint16_t count = 0;
  std::uint64_t value = 0;
};
static_assert(sizeof(FragmentHeader) == 16);
static_assert(kMaxInFlight <= UINT16_MAX, "a frame says how many calls it has");

inline constexpr std::size_t kMaxFragmentBytes = kRingBytes / 4;
inline constexpr std::size_t kMaxFrameBytes = std::size_t{1} << 33;  ///< 8 GiB

/// The other side broke a rule of the protocol.
struct Violation {
  const char* rule = "";
};

/// Room that the ring must have for write_frame to get on with so much left of the payload.
std::size_t room_needed(std::size_t payload_bytes_left);

/// Writes as much of a frame as the ring has room for, starting `offset` bytes into its payload,
/// and advances `offset`. True: the frame is written whole. Nothing is published yet.
Expected<bool, Violation> write_frame(RingWriter& ring, const Frame& frame, std::size_t& offset);

/// Puts fragments together to frames. Every byte that it reads is checked before it is used.
///
/// Space is given back to the writer when all has been read, or when a quarter of the ring is done
/// with: seldom, because a writer that finds its reader caught up rings the bell.
class FrameReader {
 public:
  explicit FrameReader(RingReader ring) : ring_(ring) {}

  /// The next complete frame, done with the one before; nullopt: it has not arrived yet, or as much
  /// as the ring holds was read of it (then has_more() may be true); all that was read is given
  /// back.
  Expected<std::optional<Frame>, Violation> next();

  /// Something has arrived that next() has not read; also true when the writer lies.
  bool has_more() const noexcept;

  /// Position up to which space was given back.
  std::uint64_t released() const noexcept { return ring_.released(); }

 private:
  /// The next fragment's header, its payload still in the ring; nullopt: none.
  Expected<std::optional<std::pair<FragmentHeader, std::span<const std::byte>>>, Violation>
  next_fragment();

  RingReader ring_;
  Bytes assembled_;          ///< payload of a frame that came in several fragments
  bool assembling_ = false;  ///< more fragments of it are to come
};

}  // namespace bulkhead::transport
