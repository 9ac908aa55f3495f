#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "thumbjpeg/skip_kernel.h"

namespace thumbjpeg {

/// What a lane found: the starts of its blocks, and the lane itself to go on with.
struct BlockTrack {
  std::vector<std::uint32_t> starts;   ///< The last valid one is that of the current block.
  std::vector<std::uint32_t> unsound;  ///< Numbers of blocks, rising.
  std::uint32_t first_block_in_mcu = 0;
  Lane lane;

  void begin(std::uint64_t position, std::uint32_t block_in_mcu);

  /// Before each call of the kernel.
  void make_room();

  /// Those that have an end.
  std::size_t blocks() const { return lane.number; }

  /// How many of all begin before a position, in bits.
  std::size_t blocks_before(std::uint64_t position) const;

  bool is_sound(std::size_t from, std::size_t to) const;

  /// Steps over blocks until one begins at `end` or behind it.
  void run_to(std::uint64_t end, const std::uint8_t* bytes, const SkipPattern& pattern);

  /// Steps over one to kRounds blocks.
  void run_on(const std::uint8_t* bytes, const SkipPattern& pattern);
};

}  // namespace thumbjpeg
