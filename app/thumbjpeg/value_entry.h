#pragma once

#include <cstdint>

namespace thumbjpeg {

/// What a value table knows of the symbol that a window begins with, packed so that one addition
/// moves the state of a block on and one more makes the value.
///
/// Bits 0 to 6 are the bits of the symbol, extra bits included, or 64 if the table does not know
/// it; bits 8 to 15 the coefficients that it passes, the one meant included. Bits 16 to 31 are what
/// the symbol's bits, taken as a number, lack to be its value: the code in front of the extra bits
/// is to be taken away, and as the table's index goes beyond the code, it knows the sign.
using ValueEntry = std::uint32_t;

constexpr int kAdvanceShift = 8;
constexpr int kOffsetShift = 16;
constexpr std::uint32_t kUnknownBits = 64;
constexpr ValueEntry kUnknownValue = kUnknownBits;
constexpr int kEndAdvance = 32;  ///< Of an end of block: beyond all coefficients that are kept.

/// The value of a symbol that the table knows.
inline std::int16_t value_of(ValueEntry entry, std::uint64_t window) {
  const auto number = static_cast<std::uint32_t>(window >> (-entry & 63));
  return static_cast<std::int16_t>(number + (entry >> kOffsetShift));
}

inline std::uint32_t advance_of(ValueEntry entry) {
  return entry >> kAdvanceShift & 0xFF;
}

}  // namespace thumbjpeg
