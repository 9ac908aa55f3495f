#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "thumbjpeg/entropy_data.h"
#include "thumbjpeg/scan_plan.h"
#include "thumbjpeg/skip_kernel.h"

namespace thumbjpeg {

/// Finds where in a scan's data each block begins, in order, some at a time.
///
/// Huffman codes synchronise themselves (Ferguson and Rabinowitz 1984; Klein and Wiseman 2003), so
/// a long segment is cut into ranges that are stepped over side by side, all but the first from an
/// arbitrary bit on. Where a range's blocks meet those of the one before, at the same bit and at
/// the same block of an MCU, all that follows is exact; what came before is dropped.
class BlockFinder {
 public:
  /// The plan and the data must outlive the finder.
  BlockFinder(const ScanPlan& plan, const EntropyData& data);
  BlockFinder(const BlockFinder&) = delete;
  BlockFinder& operator=(const BlockFinder&) = delete;

  /// Appends the positions, in bits, of the next blocks of the scan, at least one unless all were
  /// found, and behind them where the last of them ends; that end takes the place of the one that
  /// the call before appended. False when the data is not what the plan tells.
  bool find_more(std::vector<std::uint32_t>& starts);

 private:
  /// What a lane found: the starts of its blocks, and the lane itself to go on with.
  struct Track {
    std::vector<std::uint32_t> starts;
    std::vector<std::uint32_t> unsound;
    std::uint32_t first_block_in_mcu = 0;
    Lane lane;

    void begin(std::uint64_t position, std::uint32_t block_in_mcu);
    /// Before each call of the kernel.
    void make_room();
    std::size_t blocks() const { return lane.number; }
  };

  /// Where the blocks of one track go on as those of another.
  struct Meeting {
    bool is_found = false;
    std::size_t block = 0;
    std::size_t other_block = 0;
  };

  bool find_in_part(std::size_t blocks_left, std::vector<std::uint32_t>& starts);
  void run_ranges(std::span<const std::uint64_t> cuts);
  void run_together(std::span<Track* const> tracks, int rounds);
  void run_to(Track& track, std::uint64_t end);
  bool append_joined(std::span<const std::uint64_t> cuts, std::size_t blocks_left,
                     std::vector<std::uint32_t>& starts);
  Meeting find_meeting(Track& track, std::size_t first, const Track& other, std::uint64_t end);
  bool is_same_phase(const Track& track, std::size_t block, const Track& other,
                     std::size_t other_block) const;
  bool find_in_intervals(std::vector<std::uint32_t>& starts);
  bool run_intervals(std::size_t next, int rounds, std::span<std::uint32_t> starts);
  bool ends_segment(std::uint64_t position, const EntropySegment& segment) const;
  std::size_t blocks_of_segment(std::size_t segment) const;

  const ScanPlan& plan_;
  const EntropyData& data_;
  SkipPattern pattern_;
  std::uint32_t period_ = 1;
  std::size_t segment_ = 0;        // The current one.
  std::size_t blocks_before_ = 0;  // Blocks found in it.
  std::uint64_t position_ = 0;     // Where the next block in it begins.
  std::array<Track, kLanes> tracks_;
  Track dropped_;  // Of lanes that have nothing to do.
};

}  // namespace thumbjpeg
