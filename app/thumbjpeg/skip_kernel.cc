#include "thumbjpeg/skip_kernel.h"

#include <array>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "thumbjpeg/skip_kernel.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "thumbjpeg/bit_window.h"
#include "thumbjpeg/running_lane.h"

HWY_BEFORE_NAMESPACE();
namespace thumbjpeg::HWY_NAMESPACE {

/// All ones within a block, zero at its end. What depends on it is masked, not branched over: a
/// branch would be mispredicted once a block.
HWY_INLINE std::int32_t within_block(std::int32_t state) {
  return state >> 31;
}

/// Steps over three entries of the tables, those behind the end of the block apart.
HWY_INLINE std::int32_t skip_three(std::uint64_t window, const SkipEntry* entries,
                                   const RunningLane& lane) {
  constexpr int kIndexShift = 64 - kSkipIndexBits;
  const SkipEntry* const others = entries + kAcSkips;
  const std::int32_t first = entries[lane.table + (window >> kIndexShift)];
  window <<= first & 63;
  const std::int32_t second = others[window >> kIndexShift];
  window <<= second & 63;
  const std::int32_t third = others[window >> kIndexShift];
  std::int32_t state = lane.state + first;
  state += second & within_block(state);
  return state + (third & within_block(state));
}

HWY_INLINE void finish_round(std::uint32_t* starts, std::int32_t state, RunningLane& lane) {
  const std::int32_t within = within_block(state);
  lane.position += static_cast<std::uint32_t>(state & kStateBits);
  starts[lane.done_blocks + 1] = static_cast<std::uint32_t>(lane.position);
  lane.done_blocks += static_cast<std::uint32_t>(within + 1);
  lane.state = state < 0 ? state & ~kStateBits : kFreshState;
  lane.table = kAcSkips & static_cast<std::uint32_t>(within);
}

template <int kCount>
HWY_INLINE void skip_with(const std::uint8_t* bytes, const SkipPattern& pattern, Lane* lanes,
                          int rounds) {
  RunningLane running[kCount];
  const CoderTables* const* coders[kCount];
  std::uint32_t* starts[kCount];
  for (int i = 0; i < kCount; ++i) {
    const Lane& lane = lanes[i];
    coders[i] = pattern.coders.data() + lane.block_in_mcu;
    starts[i] = lane.starts;
    running[i] = {lane.position, lane.state, 0, lane.state == kFreshState ? 0 : kAcSkips};
  }
  for (int round = 0; round < rounds; ++round) {
#pragma GCC unroll 8
    for (int i = 0; i < kCount; ++i) {
      RunningLane& lane = running[i];
      const std::int32_t state = skip_three(bit_window(bytes, lane.position),
                                            coders[i][lane.done_blocks]->skips.data(), lane);
      if (!is_sound(state)) [[unlikely]] {
        skip_one_by_one(bytes, pattern, lanes[i], lane);
        continue;
      }
      finish_round(starts[i], state, lane);
    }
  }
  for (int i = 0; i < kCount; ++i) {
    Lane& lane = lanes[i];
    lane.position = running[i].position;
    lane.state = running[i].state;
    lane.starts += running[i].done_blocks;
    lane.number += running[i].done_blocks;
    lane.block_in_mcu = (lane.block_in_mcu + running[i].done_blocks) % pattern.blocks_in_mcu;
  }
}

void skip_one(const std::uint8_t* bytes, const SkipPattern& pattern, Lane* lanes, int rounds) {
  skip_with<1>(bytes, pattern, lanes, rounds);
}

void skip_many(const std::uint8_t* bytes, const SkipPattern& pattern, Lane* lanes, int rounds) {
  skip_with<kLanes>(bytes, pattern, lanes, rounds);
}

}  // namespace thumbjpeg::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace thumbjpeg {

namespace {

HWY_EXPORT(skip_one);
HWY_EXPORT(skip_many);

/// The first symbol of a window, as far as stepping over it goes.
struct Step {
  std::uint32_t bits;
  std::uint32_t advance;
  bool is_known;
  bool is_in_skip_tables;
};

Step find_step(const CoderTables& coder, bool is_first, std::uint64_t window) {
  const ValueEntry* const values = is_first ? coder.dc_values() : coder.ac_values();
  const ValueEntry entry = values[window >> (64 - kValueIndexBits)];
  if (entry != kUnknownValue) [[likely]] {
    const std::uint32_t advance = advance_of(entry);
    return {entry & 63, advance == kEndAdvance ? kEndOfBlockAdvance : advance, true, true};
  }
  const Symbol symbol = (is_first ? coder.dc : coder.ac).find(window);
  const bool is_known = symbol.code_bits != 0;
  return {
      .bits = is_known ? static_cast<std::uint32_t>(symbol.bits()) : 1U,
      .advance = symbol.is_end ? kEndOfBlockAdvance : static_cast<std::uint32_t>(symbol.run + 1),
      .is_known = is_known,
      .is_in_skip_tables = symbol.code_bits <= kSkipIndexBits};
}

}  // namespace

SkipPattern::SkipPattern(const ScanPlan& scan)
    : blocks_in_mcu(static_cast<std::uint32_t>(scan.blocks_in_mcu)) {
  for (std::size_t block = 0; block < blocks_in_mcu + kRounds + 1; ++block) {
    coders.push_back(&scan.tables_of_block(block % blocks_in_mcu));
  }
}

void skip_one_by_one(const std::uint8_t* bytes, const SkipPattern& pattern, const Lane& lane,
                     RunningLane& running) {
  const std::uint32_t block = lane.block_in_mcu + running.done_blocks;
  const CoderTables& coder = *pattern.coders[block];
  std::int32_t state = running.state;
  // The entries ran past the last coefficient, mostly: then the end is near.
  for (int symbol = 0; symbol < kMaxSymbolsOfRound && state < kDoneState; ++symbol) {
    const Step step = find_step(coder, state == kFreshState, bit_window(bytes, running.position));
    state += static_cast<std::int32_t>(step.advance << kStateShift);
    running.position += step.bits;
    if (!step.is_known || !is_sound(state)) {
      lane.unsound->push_back(lane.number + running.done_blocks);
      state = kDoneState;
    }
    if (!step.is_in_skip_tables) {
      break;
    }
  }
  const bool is_done = state >= kDoneState;
  lane.starts[running.done_blocks + 1] = static_cast<std::uint32_t>(running.position);
  running.done_blocks += is_done ? 1 : 0;
  running.state = is_done ? kFreshState : state;
  running.table = is_done ? 0 : kAcSkips;
}

void skip_blocks(const std::uint8_t* bytes, const SkipPattern& pattern, std::span<Lane> lanes,
                 int rounds) {
  if (lanes.size() == 1) {
    HWY_DYNAMIC_DISPATCH(skip_one)(bytes, pattern, lanes.data(), rounds);
  } else {
    HWY_DYNAMIC_DISPATCH(skip_many)(bytes, pattern, lanes.data(), rounds);
  }
}

}  // namespace thumbjpeg
#endif
