#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "thumbjpeg/huffman.h"

namespace thumbjpeg {

/// A block of a row of MCUs: how it is coded and where its coefficients go.
struct BlockTarget {
  const CoderTables* coder = nullptr;
  std::int16_t* coefficients = nullptr;
};

/// Where a coefficient is put, counted from the block's first one.
class CoefficientSlots {
 public:
  /// Keeps the `side` × `side` lowest coefficients, `stride` entries apart; all others go to the
  /// slot behind them.
  CoefficientSlots(int side, std::size_t stride);

  /// The last coefficient, in zigzag order, that may be kept.
  std::uint32_t last() const { return last_; }

  /// By the number of coefficients passed, the one meant included.
  const std::uint32_t* slots() const { return slots_.data(); }

 private:
  // Three symbols behind the last one kept, of kEndAdvance at most.
  static constexpr std::size_t kSlots = 25 + 3 * kEndAdvance;

  std::array<std::uint32_t, kSlots> slots_{};
  std::uint32_t last_ = 0;
};

/// Reads the kept coefficients of blocks that are known to be sound; the first one, as coded, is a
/// difference. `starts` and `targets` have one entry more than there are blocks; its coefficients
/// may be written, too.
void read_values(const std::uint8_t* bytes, std::span<const std::uint32_t> starts,
                 std::span<const BlockTarget> targets, const CoefficientSlots& slots);

}  // namespace thumbjpeg
