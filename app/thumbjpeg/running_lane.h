#pragma once

#include <cstdint>

#include "thumbjpeg/huffman.h"
#include "thumbjpeg/skip_kernel.h"

namespace thumbjpeg {

/// A lane while the skip kernel runs; for the kernel only, which is compiled once for each target.
struct RunningLane {
  std::uint64_t position;
  std::int32_t state;
  std::uint32_t done_blocks;
  std::uint32_t table;  ///< For the next symbol: where it begins in CoderTables::skips.
};

/// Steps over a few symbols of a block one by one, where the entries of the tables do not know them
/// or lead past the end. Notes a symbol that there is not, or that leads there by itself.
void skip_one_by_one(const std::uint8_t* bytes, const SkipPattern& pattern, const Lane& lane,
                     RunningLane& running);

}  // namespace thumbjpeg
