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

/// Decodes the kept coefficients of one sequential scan, a row of MCUs at a time.
class ScanDecoder {
 public:
  /// The plan and the data must outlive the decoder. `side` is 1 to 4.
  ScanDecoder(const ScanPlan& plan, const EntropyData& data, int side);

  /// Decodes the next row, of plan.mcus_high. False when the data is not what the plan tells.
  bool next_row();

  const CoefficientRow& row() const { return row_; }

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
  std::array<std::int32_t, kMaxComponents> means_{};
};

}  // namespace thumbjpeg
