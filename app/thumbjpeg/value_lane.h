#pragma once

#include <cstdint>

#include "thumbjpeg/value_kernel.h"

namespace thumbjpeg {

/// A lane of the value kernel; for the kernel only, which is compiled once for each target.
struct ValueLane {
  std::uint64_t position;
  std::uint32_t passed;  ///< Coefficients of the block.
  std::uint32_t block;
  std::uint32_t end_block;
  const ValueEntry* table;  ///< For the next symbol.
};

/// The value that `size` extra bits mean (T.81, F.2.2.1): they are the lowest ones.
inline std::int32_t extended(std::uint64_t bits, std::uint32_t size) {
  const std::uint32_t mask = (1U << size) - 1;
  const std::uint32_t value = static_cast<std::uint32_t>(bits) & mask;
  const std::uint32_t is_positive = value >> ((size - 1) & 31);
  return static_cast<std::int32_t>(value - ((is_positive - 1) & mask));
}

/// Reads one symbol by its code, which the tables do not have.
void read_one_value(const std::uint8_t* bytes, const BlockTarget& target,
                    const std::uint32_t* slots, ValueLane& lane);

}  // namespace thumbjpeg
