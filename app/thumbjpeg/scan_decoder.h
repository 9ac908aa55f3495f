#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "thumbjpeg/block_finder.h"
#include "thumbjpeg/coefficient_row.h"
#include "thumbjpeg/entropy_data.h"
#include "thumbjpeg/scan_plan.h"
#include "thumbjpeg/value_kernel.h"

namespace thumbjpeg {

/// Decodes the kept coefficients of one sequential scan, or of a section of one, a row of MCUs at a
/// time. Those of a section are as long as the scan's, the last one apart.
class ScanDecoder {
 public:
  /// The plan and the data must outlive the decoder. `side` is 1 to 4.
  ScanDecoder(const ScanPlan& plan, const EntropyData& data, int side,
              const SectionBounds& bounds = {});

  /// Decodes the next row, of plan.mcus_high or until it is at the end. False when the data is not
  /// what the plan tells.
  bool next_row();

  const CoefficientRow& row() const { return row_; }

  /// How many MCUs of the row there are.
  int row_mcus() const { return row_mcus_; }

  /// Whether there is no further MCU.
  bool is_at_end() const {
    return finder_.has_found_all() &&
           blocks_ahead() < static_cast<std::size_t>(plan_.blocks_in_mcu);
  }

  /// Blocks found that are no whole MCU; at the end.
  std::size_t blocks_ahead() const { return starts_.size() - used_starts_ - 1; }

  /// See BlockFinder.
  std::size_t doubtful_blocks() const { return finder_.doubtful_blocks(); }

  /// Of each component the last mean of the row.
  const std::array<std::int32_t, kMaxComponents>& means() const { return means_; }

 private:
  void find_targets();
  bool sum_up_means();
  bool sum_up_means(std::size_t component, int first_mcu, int end_mcu);

  const ScanPlan& plan_;
  const EntropyData& data_;
  BlockFinder finder_;
  CoefficientRow row_;
  CoefficientSlots slots_;
  std::vector<BlockTarget> targets_;   // Of the blocks of a row, and one more for nothing.
  std::vector<std::uint32_t> starts_;  // Of the blocks of this row and those behind it.
  std::size_t used_starts_ = 0;
  std::size_t mcus_before_ = 0;
  int row_mcus_ = 0;
  std::array<std::int32_t, kMaxComponents> means_{};
};

}  // namespace thumbjpeg
