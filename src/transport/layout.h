#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "os/crash_handler.h"

/// What lies in the memory that the program shares with one worker, and who may write it.
///
/// There are two pieces: the request memory is written by the program and mapped read-only by the
/// worker, the reply memory the other way round; no word is ever written by both. Each is a header
/// followed by the body of a ring. docs/wire-format.md explains the protocol.
namespace bulkhead::transport {

inline constexpr std::uint64_t kMaxInFlight = 8192;    ///< unfinished calls sent to one worker
inline constexpr std::size_t kRingBytes = 256 * 1024;  ///< body of each ring; fits the L2 cache
inline constexpr std::size_t kCacheLine = 64;

static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

/// Positions in a ring count all bytes ever written, and never wrap in practice.
using Position = std::atomic<std::uint64_t>;

/// How the program hears of replies.
enum class Attention : std::uint32_t {
  Asleep,  ///< the doorbell rings for a reply, if all before it have been read
  Busy,    ///< it will look before long: the doorbell rings only when the worker is out of work
  Awake,   ///< it looks all the time: no doorbell
};

/// Written by the program, read by the worker.
struct RequestHeader {
  alignas(kCacheLine) Position head{0};        ///< requests up to here are complete
  alignas(kCacheLine) Position reply_tail{0};  ///< replies up to here have been read
  std::atomic<Attention> attention{Attention::Asleep};
  alignas(kCacheLine) std::atomic<std::uint32_t> signal{0};  ///< futex on which the worker sleeps
  std::atomic<std::uint32_t> wants_space{0};  ///< ring the doorbell when requests have been read
  /// 1 + the sequence number of the call that is asked to stop; 0: none.
  std::atomic<std::uint64_t> stop{0};
  std::atomic<std::uint32_t> stop_signal{0};  ///< futex; changes with each call that is asked
  /// Of the calls that are on their way: how often each was started before, which is 0 if there are
  /// several.
  std::atomic<std::uint32_t> failed_runs{0};
  /// banned[sequence % kMaxInFlight] != 0: that call must not be started.
  alignas(kCacheLine) std::array<std::atomic<std::uint8_t>, kMaxInFlight> banned{};
};

/// Written by the worker, read by the program, which believes none of it.
struct ReplyHeader {
  alignas(kCacheLine) Position head{0};          ///< replies up to here are complete
  alignas(kCacheLine) Position request_tail{0};  ///< requests up to here have been read
  /// 1 + the sequence number of the last call that the worker set out to start; 0: none. Written
  /// before it looks at the ban on that call.
  alignas(kCacheLine) std::atomic<std::uint64_t> claimed{0};
  /// 1 + the sequence number of the last call that it did start, after it saw no ban; 0: none.
  std::atomic<std::uint64_t> running{0};
  std::atomic<std::int64_t> started_at{0};   ///< when, steady clock in ns; of timed calls only
  std::atomic<std::uint64_t> busy_ns{0};     ///< time spent in calls so far
  std::atomic<std::uint64_t> busy_calls{0};  ///< calls that this time was spent in
  std::atomic<std::uint8_t> phase{0};        ///< of the call that is running, a TaskPhase
  std::atomic<std::uint64_t> item{0};        ///< 1 + the item of a map that it is about; 0: of none
  alignas(kCacheLine) std::atomic<std::uint32_t> parked{
      0};  ///< it sleeps on the signal, or is about to
  /// How far a call says it is: the low half of its sequence number, then the part that is done, of
  /// 2^32 - 1.
  std::atomic<std::uint64_t> progress{0};
  alignas(kCacheLine) os::CrashRecord black_box{};  ///< written while it dies, read after that
};

}  // namespace bulkhead::transport
