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
  const SkipEntry* table;
};

/// Steps over one symbol by its code, which the tables do not have, or notes that there is none.
void skip_one_symbol(const std::uint8_t* bytes, const SkipPattern& pattern, const Lane& lane,
                     RunningLane& running);

}  // namespace thumbjpeg
