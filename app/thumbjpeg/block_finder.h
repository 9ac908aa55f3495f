#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "thumbjpeg/block_track.h"
#include "thumbjpeg/entropy_data.h"
#include "thumbjpeg/scan_plan.h"
#include "thumbjpeg/skip_kernel.h"

namespace thumbjpeg {

/// Where the blocks of the data begin and end, when it is that of a section of a scan only. It
/// begins with an MCU.
struct SectionBounds {
  enum class End : std::uint8_t {
    Counted,  ///< Behind the plan's last block, or behind that of the last segment.
    Given,    ///< At `end`, however many blocks that are.
    OfData,   ///< Where the data ends, however many blocks that are.
  };

  std::uint64_t begin = 0;        ///< Of the first block, in bits.
  End end_kind = End::Counted;    ///< Only where the data is one segment it may be another.
  std::uint64_t end = 0;          ///< In bits.
  std::size_t first_segment = 0;  ///< Which of the plan's segments the data's first one is.
};

/// Finds where in a scan's data each block begins, in order, some at a time.
///
/// Huffman codes synchronise themselves (Ferguson and Rabinowitz 1984; Klein and Wiseman 2003), so
/// a long segment is cut into ranges that are stepped over side by side, all but the first from an
/// arbitrary bit on. Where a range's blocks meet those of the one before, at the same bit and at
/// the same block of an MCU, all that follows is exact; what came before is dropped.
class BlockFinder {
 public:
  /// The plan and the data must outlive the finder.
  BlockFinder(const ScanPlan& plan, const EntropyData& data, const SectionBounds& bounds = {});
  BlockFinder(const BlockFinder&) = delete;
  BlockFinder& operator=(const BlockFinder&) = delete;

  /// Appends the positions, in bits, of the next blocks of the scan, at least one unless all were
  /// found, and behind them where the last of them ends; that end takes the place of the one that
  /// the call before appended. False when the data is not what the plan tells.
  bool find_more(std::vector<std::uint32_t>& starts);

  bool has_found_all() const { return segment_ == data_.segments().size(); }

  /// Of the blocks that were found, so many at the end may be nothing but padding, where it is the
  /// data that ends them.
  std::size_t doubtful_blocks() const { return doubtful_blocks_; }

 private:
  /// Where the blocks of one track go on as those of another.
  struct Meeting {
    bool is_found = false;
    std::size_t block = 0;
    std::size_t other_block = 0;
  };

  bool find_in_part(std::size_t blocks_left, std::vector<std::uint32_t>& starts);
  void run_ranges(std::span<const std::uint64_t> cuts);
  void run_together(std::span<BlockTrack* const> tracks, int rounds);
  bool append_joined(std::span<const std::uint64_t> cuts, std::size_t blocks_left,
                     std::vector<std::uint32_t>& starts);
  Meeting find_meeting(BlockTrack& track, std::size_t first, const BlockTrack& other,
                       std::uint64_t end);
  bool is_same_phase(const BlockTrack& track, std::size_t block, const BlockTrack& other,
                     std::size_t other_block) const;
  bool find_in_intervals(std::vector<std::uint32_t>& starts);
  bool run_intervals(std::size_t next, int rounds, std::span<std::uint32_t> starts);
  EntropySegment current_segment() const;
  std::uint64_t earliest_end() const;
  void append_doubtful(std::vector<std::uint32_t>& starts);
  bool ends_segment(std::uint64_t position, const EntropySegment& segment) const;
  std::size_t blocks_of_segment(std::size_t segment) const;

  const ScanPlan& plan_;
  const EntropyData& data_;
  SectionBounds bounds_;
  SkipPattern pattern_;
  std::uint32_t period_ = 1;
  std::size_t segment_ = 0;        // The current one.
  std::size_t blocks_before_ = 0;  // Blocks found in it.
  std::uint64_t position_ = 0;     // Where the next block in it begins.
  std::size_t doubtful_blocks_ = 0;
  std::array<BlockTrack, kLanes> tracks_;
  BlockTrack dropped_;  // Of lanes that have nothing to do.
};

}  // namespace thumbjpeg
