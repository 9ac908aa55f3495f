#pragma once

#include <cstdint>

#include "thumbjpeg/value_kernel.h"

namespace thumbjpeg {

/// A lane of the value kernel; for the kernel only, which is compiled once for each target.
struct ValueLane {
  std::uint64_t position;
  std::uint32_t passed;  ///< Coefficients of the block.
  std::uint32_t block;
  std::uint32_t table;  ///< For the next symbol: where it begins in CoderTables::values.
};

/// The blocks that no lane has yet.
struct BlockQueue {
  std::uint32_t next;
  std::uint32_t end;
};

/// Reads one symbol by its code, which the tables do not have.
void read_one_value(const std::uint8_t* bytes, const BlockTarget& target,
                    const std::uint32_t* slots, ValueLane& lane);

}  // namespace thumbjpeg
