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

HWY_INLINE void begin_block(const std::uint32_t* starts, const BlockTarget* targets,
                            ValueLane& lane) {
  lane.position = starts[lane.block];
  lane.passed = 0;
  lane.table = targets[lane.block].coder->dc_values();
}

HWY_INLINE std::int16_t value_of(std::uint32_t entry, std::uint64_t window) {
  const std::uint64_t bits = window >> (-entry & 63);
  return static_cast<std::int16_t>(extended(bits, entry >> 6 & 15));
}

/// Goes on to the next block if this one is done.
HWY_INLINE void finish_round(const std::uint32_t* starts, const BlockTarget* targets,
                             std::uint32_t last, ValueLane& lane) {
  const auto done = static_cast<std::int32_t>(last - lane.passed) >> 31;  // All ones if it is.
  const auto bits = static_cast<std::uint32_t>(done);
  lane.block += bits & static_cast<std::uint32_t>(lane.block != lane.end_block);
  lane.passed &= ~bits;
  const auto wide_bits = static_cast<std::uint64_t>(std::int64_t{done});
  lane.position ^= (lane.position ^ starts[lane.block]) & wide_bits;
  lane.table =
      targets[lane.block].coder->values.data() + (std::size_t{bits & 1} << kValueIndexBits);
}

/// Reads two symbols. What is read behind the last coefficient that is kept goes to no slot of one.
/// No branches but those for rare codes: how many symbols a block has is not predictable.
HWY_INLINE void read_two(const std::uint8_t* bytes, const std::uint32_t* starts,
                         const BlockTarget* targets, const std::uint32_t* slots, std::uint32_t last,
                         ValueLane& lane) {
  const BlockTarget& target = targets[lane.block];
  std::uint64_t window = bit_window(bytes, lane.position);
  const std::uint32_t first = lane.table[window >> kValueIndexShift];
  const std::int16_t first_value = value_of(first, window);
  window <<= first & 63;
  const std::uint32_t second = target.coder->ac_values()[window >> kValueIndexShift];
  const std::uint32_t passed = lane.passed + (first >> 10);
  if (first == kUnknownValue || (second == kUnknownValue && passed <= last)) [[unlikely]] {
    read_one_value(bytes, target, slots, lane);
  } else {
    lane.passed = passed + (second >> 10);
    target.coefficients[slots[passed]] = first_value;
    target.coefficients[slots[lane.passed]] = value_of(second, window);
    lane.position += (first & 63) + (second & 63);
  }
  finish_round(starts, targets, last, lane);
}

void read_squares(const std::uint8_t* bytes, const std::uint32_t* starts,
                  const BlockTarget* targets, std::uint32_t blocks, const CoefficientSlots& slots) {
  constexpr int kRoundsBetweenLooks = 8;
  ValueLane lanes[kValueLanes];
  for (std::uint32_t i = 0; i < kValueLanes; ++i) {
    lanes[i].block = static_cast<std::uint32_t>(std::uint64_t{blocks} * i / kValueLanes);
    lanes[i].end_block = static_cast<std::uint32_t>(std::uint64_t{blocks} * (i + 1) / kValueLanes);
    begin_block(starts, targets, lanes[i]);
  }
  bool is_done = false;
  while (!is_done) {
    for (int round = 0; round < kRoundsBetweenLooks; ++round) {
#pragma GCC unroll 8
      for (int i = 0; i < kValueLanes; ++i) {
        read_two(bytes, starts, targets, slots.slots(), slots.last(), lanes[i]);
      }
    }
    is_done = true;
    for (const ValueLane& lane : lanes) {
      is_done = is_done && lane.block == lane.end_block;
    }
  }
}

/// The first coefficients only.
void read_means(const std::uint8_t* bytes, const std::uint32_t* starts, const BlockTarget* targets,
                std::uint32_t blocks, const CoefficientSlots& slots) {
  for (std::uint32_t block = 0; block < blocks; ++block) {
    const std::uint64_t window = bit_window(bytes, starts[block]);
    const std::uint32_t entry = targets[block].coder->dc_values()[window >> kValueIndexShift];
    if (entry == kUnknownValue) [[unlikely]] {
      ValueLane lane{};
      lane.block = block;
      begin_block(starts, targets, lane);
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
