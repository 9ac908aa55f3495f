#include "thumbjpeg/value_kernel.h"

#include <bit>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "thumbjpeg/value_kernel.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "thumbjpeg/bit_window.h"
#include "thumbjpeg/value_lane.h"
#include "thumbjpeg/zigzag.h"

HWY_BEFORE_NAMESPACE();
namespace thumbjpeg::HWY_NAMESPACE {

constexpr int kValueLanes = 4;
constexpr int kValueIndexShift = 64 - kValueIndexBits;
constexpr std::uint32_t kDcTable = 1U << kValueIndexBits;

HWY_INLINE void begin_block(const std::uint32_t* starts, ValueLane& lane) {
  lane.position = starts[lane.block];
  lane.passed = 0;
  lane.table = kDcTable;
}

/// If the lane's block is done, it gets the next one that none has; the one behind the last again
/// and again.
HWY_INLINE void finish_round(const std::uint32_t* starts, std::uint32_t last, BlockQueue& queue,
                             ValueLane& lane) {
  const auto done = static_cast<std::int32_t>(last - lane.passed) >> 31;  // All ones if it is.
  const auto bits = static_cast<std::uint32_t>(done);
  lane.block ^= (lane.block ^ queue.next) & bits;
  queue.next += bits & static_cast<std::uint32_t>(queue.next != queue.end);
  lane.passed &= ~bits;
  const auto wide_bits = static_cast<std::uint64_t>(std::int64_t{done});
  lane.position ^= (lane.position ^ starts[lane.block]) & wide_bits;
  lane.table = bits & kDcTable;
}

/// Reads three symbols. What is read behind the last coefficient that is kept goes to no slot of
/// one. No branches but those for rare codes: how many symbols a block has is not predictable.
HWY_INLINE void read_three(const std::uint8_t* bytes, const std::uint32_t* starts,
                           const BlockTarget* targets, const std::uint32_t* slots,
                           std::uint32_t last, BlockQueue& queue, ValueLane& lane) {
  // The state is a sum of entries. It counts bits from here on, so that bit 6 is set when they are
  // more than a window has for sure, and bit 6 or 7 when a symbol is unknown.
  constexpr std::uint32_t kFirstCount = 64 - kSureWindowBits - 1;
  constexpr std::uint32_t kIrregular = 0xC0;
  const BlockTarget& target = targets[lane.block];
  const ValueEntry* const values = target.coder->values.data();
  std::uint64_t window = bit_window(bytes, lane.position);
  std::uint32_t state = lane.passed << kAdvanceShift | kFirstCount;
  const ValueEntry first = values[lane.table + (window >> kValueIndexShift)];
  const std::int16_t first_value = value_of(first, window);
  window <<= first & 63;
  const ValueEntry second = values[window >> kValueIndexShift];
  const std::int16_t second_value = value_of(second, window);
  window <<= second & 63;
  const ValueEntry third = values[window >> kValueIndexShift];
  const std::int16_t third_value = value_of(third, window);
  state += first;
  const std::uint32_t first_slot = slots[advance_of(state)];
  state += second;
  const std::uint32_t second_slot = slots[advance_of(state)];
  state += third;
  if ((state & kIrregular) != 0) [[unlikely]] {
    read_one_value(bytes, target, slots, lane);
  } else {
    lane.passed = advance_of(state);
    target.coefficients[first_slot] = first_value;
    target.coefficients[second_slot] = second_value;
    target.coefficients[slots[lane.passed]] = third_value;
    lane.position += (state & 0xFF) - kFirstCount;
  }
  finish_round(starts, last, queue, lane);
}

void read_squares(const std::uint8_t* bytes, const std::uint32_t* starts,
                  const BlockTarget* targets, std::uint32_t blocks, const CoefficientSlots& slots) {
  constexpr int kRoundsBetweenLooks = 8;
  ValueLane lanes[kValueLanes];
  BlockQueue queue{.next = 0, .end = blocks};
  for (ValueLane& lane : lanes) {
    lane.block = queue.next;
    queue.next += queue.next != queue.end ? 1 : 0;
    begin_block(starts, lane);
  }
  bool is_done = false;
  while (!is_done) {
    for (int round = 0; round < kRoundsBetweenLooks; ++round) {
#pragma GCC unroll 8
      for (int i = 0; i < kValueLanes; ++i) {
        read_three(bytes, starts, targets, slots.slots(), slots.last(), queue, lanes[i]);
      }
    }
    is_done = true;
    for (const ValueLane& lane : lanes) {
      is_done = is_done && lane.block == blocks;
    }
  }
}

/// The first coefficients only.
void read_means(const std::uint8_t* bytes, const std::uint32_t* starts, const BlockTarget* targets,
                std::uint32_t blocks, const CoefficientSlots& slots) {
  for (std::uint32_t block = 0; block < blocks; ++block) {
    const std::uint64_t window = bit_window(bytes, starts[block]);
    const ValueEntry entry = targets[block].coder->dc_values()[window >> kValueIndexShift];
    if (entry == kUnknownValue) [[unlikely]] {
      ValueLane lane{};
      lane.block = block;
      begin_block(starts, lane);
      read_one_value(bytes, targets[block], slots.slots(), lane);
      continue;
    }
    *targets[block].coefficients = value_of(entry, window);
  }
}

}  // namespace thumbjpeg::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace thumbjpeg {

namespace {

HWY_EXPORT(read_squares);
HWY_EXPORT(read_means);

}  // namespace

CoefficientSlots::CoefficientSlots(int side, std::size_t stride) {
  slots_.fill(static_cast<std::uint32_t>(static_cast<std::size_t>(side * side) * stride));
  for (std::size_t i = 0; i < kZigzag.size(); ++i) {
    const auto [row, column] = kZigzag[i];
    if (row < side && column < side) {
      slots_[i + 1] =
          static_cast<std::uint32_t>(static_cast<std::size_t>(row * side + column) * stride);
      last_ = static_cast<std::uint32_t>(i);
    }
  }
}

void read_one_value(const std::uint8_t* bytes, const BlockTarget& target,
                    const std::uint32_t* slots, ValueLane& lane) {
  const std::uint64_t window = bit_window(bytes, lane.position);
  const Symbol symbol = (lane.passed == 0 ? target.coder->dc : target.coder->ac).find(window);
  const auto bits = static_cast<std::uint32_t>(symbol.bits());
  const bool is_end = symbol.is_end || symbol.code_bits == 0;
  lane.passed += is_end ? kEndAdvance : static_cast<std::uint32_t>(symbol.run + 1);
  target.coefficients[slots[lane.passed]] = static_cast<std::int16_t>(
      extended(std::rotl(window, static_cast<int>(bits)), static_cast<std::uint32_t>(symbol.size)));
  lane.position += bits;
}

void read_values(const std::uint8_t* bytes, std::span<const std::uint32_t> starts,
                 std::span<const BlockTarget> targets, const CoefficientSlots& slots) {
  const auto blocks = static_cast<std::uint32_t>(targets.size() - 1);
  if (slots.last() == 0) {
    HWY_DYNAMIC_DISPATCH(read_means)(bytes, starts.data(), targets.data(), blocks, slots);
  } else {
    HWY_DYNAMIC_DISPATCH(read_squares)(bytes, starts.data(), targets.data(), blocks, slots);
  }
}

}  // namespace thumbjpeg
#endif
