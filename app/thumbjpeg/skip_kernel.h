#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "thumbjpeg/block_state.h"
#include "thumbjpeg/huffman.h"
#include "thumbjpeg/scan_plan.h"

namespace thumbjpeg {

/// Most rounds of the skip kernel in one call; each ends one block at most.
constexpr int kRounds = 64;

/// Symbols that a round can step over one by one, and the bits that it can step over at all.
constexpr int kMaxSymbolsOfRound = 4;
constexpr int kMaxBitsOfRound = kMaxSymbolsOfRound * 27;

/// Lanes that one call of the skip kernel drives side by side.
constexpr int kLanes = 4;

/// The tables in the order in which blocks need them, repeated as often as the kernel may need in
/// one call.
struct SkipPattern {
  explicit SkipPattern(const ScanPlan& scan);

  std::uint32_t blocks_in_mcu;
  std::vector<const CoderTables*> coders;
};

/// A place in entropy-coded data from which blocks are stepped over.
struct Lane {
  std::uint64_t position = 0;        ///< In bits.
  std::int32_t state = kFreshState;  ///< Of the current block, without its count of bits.
  std::uint32_t block_in_mcu = 0;
  /// Where the start of the current block is written; starts[1] … are those of the blocks behind.
  std::uint32_t* starts = nullptr;
  std::vector<std::uint32_t>* unsound = nullptr;  ///< Gets the numbers of blocks, rising.
  std::uint32_t number = 0;                       ///< Of the current block.
};

/// Steps `lanes` (1 or kLanes of them) over blocks, side by side, for 1 to kRounds rounds. What is
/// no sound code is noted and stepped over, as lanes that begin anywhere meet such until they are
/// in step. Reads up to kRounds * kMaxBitsOfRound bits behind a lane's position.
void skip_blocks(const std::uint8_t* bytes, const SkipPattern& pattern, std::span<Lane> lanes,
                 int rounds);

}  // namespace thumbjpeg
