#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include <bulkhead/codec.h>
#include <bulkhead/expected.h>

#include "transport/payload_run.h"
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
  Result,      ///< reply: the next call ended with these bytes
  Exception,   ///< reply: the next call threw what the payload describes
  Skipped,     ///< reply: the next call was banned and not started
  Setup,       ///< request: the first: be as the payload says
  HookFailed,  ///< reply: the initializer or the finalizer threw what the payload describes
  Leaving,     ///< reply: no more calls are run, the worker holds too much memory
  Limit,       ///< request: the timed calls that follow may take `value` ns each
  Stopped,     ///< reply: the next call ended because it was asked to stop
  Share,       ///< request: shared memory `value` waits in the handover socket
  Unshare,     ///< request: shared memory `value` is not needed any more
  Item,        ///< request: the next call is of item `value` - 1 of a map, those behind it of the
               ///< items that follow; 0: of none
  Name,        ///< request: the tasks that follow are called what the payload says
  File,        ///< request: the open file `value` waits in the handover socket; dropped by Unshare
};
inline constexpr auto kLastFrameKind = FrameKind::File;

/// Frames of this kind have a number. Replies have none: there are many, and they come in order.
constexpr bool has_number(FrameKind kind) {
  return kind <= FrameKind::TimedCall || kind == FrameKind::Limit || kind >= FrameKind::Share;
}

/// One frame, complete.
struct Frame {
  FrameKind kind = FrameKind::Stop;
  std::uint64_t value = 0;             ///< its number; 0 if it has none
  std::span<const std::byte> payload;  ///< valid until the reader's next call
  std::uint16_t count = 0;             ///< calls
};

/// A frame travels as one fragment or several, each a header and its bytes, padded to 8 bytes: so a
/// frame may be larger than the ring.
struct FragmentHeader {
  std::uint32_t bytes = 0;  ///< of the payload that follow
  FrameKind kind = FrameKind::Stop;
  bool more = false;        ///< the next fragment belongs to the same frame
  std::uint16_t count = 0;  ///< of calls; while there is more: whole fragments that are to come
  std::uint64_t value = 0;  ///< only there if the kind has a number
};
static_assert(sizeof(FragmentHeader) == 16);

/// Bytes that the header of a fragment of this kind takes in the ring.
constexpr std::size_t header_size(FrameKind kind) {
  return has_number(kind) ? sizeof(FragmentHeader) : offsetof(FragmentHeader, value);
}
constexpr std::size_t padded(std::size_t payload_bytes) {
  return (payload_bytes + 7) & ~std::size_t{7};
}
static_assert(kMaxInFlight <= UINT16_MAX, "a frame says how many calls it has");

inline constexpr std::size_t kMaxFragmentBytes = kRingBytes / 4;
inline constexpr std::size_t kMaxFrameBytes = std::size_t{1} << 33;  ///< 8 GiB

/// The other side broke a rule of the protocol.
struct Violation {
  const char* rule = "";
};

/// Room that the ring must have for write_frame to get on with so much left of the payload.
std::size_t room_needed(std::size_t payload_bytes_left);

/// Writes the next fragment of a frame, starting `offset` bytes into its payload, and advances
/// `offset`, if the ring has room for it. True: the frame is written whole. Nothing is published
/// yet: what there is should be before the next fragment, so that it is read meanwhile.
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

  /// The payload of the frame that next() gave, for the caller to keep: copied out of the ring, or
  /// the very memory in which it was put together.
  Bytes take_payload(const Frame& frame);

  /// Part of a frame was read, the rest is to come.
  bool is_amid_frame() const noexcept { return assembling_; }

  /// Reads frames of this kind, of which each is one fragment and has no number, as long as one
  /// follows the other and no more than `most`: the quick way for many small ones. Calls
  /// take(PayloadRun) for those of equal size that lie together, still in the ring. Returns how
  /// many there were; what follows is left to next(), an error too.
  template <class Take>
  std::size_t take_whole(FrameKind kind, std::size_t most, Take take);

  /// Something has arrived that was not read; also true when the writer lies.
  bool has_more() const noexcept { return ring_.has_more(); }

  /// Position up to which space was given back.
  std::uint64_t released() const noexcept { return ring_.released(); }

 private:
  /// The next fragment's header, its payload still in the ring; nullopt: none.
  Expected<std::optional<std::pair<FragmentHeader, std::span<const std::byte>>>, Violation>
  next_fragment();
  /// Adds a fragment to the frame that is put together; the first says how much there will be.
  Expected<void, Violation> add(const FragmentHeader& header, std::span<const std::byte> payload);

  RingReader ring_;
  Bytes assembled_;          ///< payload of a frame that came in several fragments
  bool assembling_ = false;  ///< more fragments of it are to come
};

template <class Take>
std::size_t FrameReader::take_whole(FrameKind kind, std::size_t most, Take take) {
  if (ring_.held() > ring_.capacity() / 4) {
    ring_.release();
  }
  const auto readable = ring_.readable();
  if (!readable || assembling_) {
    return 0;
  }
  // Once, into a local: a hostile writer may change it at any time.
  const auto header_at = [](const std::byte* at) {
    return *reinterpret_cast<const volatile std::uint64_t*>(at);
  };
  const std::byte* at = readable->data();
  std::size_t left = readable->size();
  const std::size_t header_bytes = header_size(kind);
  std::size_t frames = 0;
  while (frames < most && left >= header_bytes) {
    const std::uint64_t header = header_at(at);
    const auto bytes = static_cast<std::uint32_t>(header);
    const bool is_whole = static_cast<std::uint16_t>(header >> 32U) ==
                          static_cast<std::uint16_t>(static_cast<std::uint8_t>(kind));
    const std::size_t size = header_bytes + padded(bytes);
    if (!is_whole || bytes > kMaxFragmentBytes || size > left) {
      break;
    }
    PayloadRun run{at + header_bytes, bytes, size, 1};
    const std::size_t fit = std::min(most - frames, left / size);
    while (run.count < fit && header_at(at + run.count * size) == header) {
      ++run.count;
    }
    take(run);
    frames += run.count;
    at += run.count * size;
    left -= run.count * size;
  }
  ring_.consume(readable->size() - left);
  return frames;
}

}  // namespace bulkhead::transport
