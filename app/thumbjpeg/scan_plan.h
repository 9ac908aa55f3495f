#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "thumbjpeg/frame.h"
#include "thumbjpeg/huffman.h"

namespace thumbjpeg {

/// One component's part in the MCUs of a scan.
struct PlannedComponent {
  int index = 0;       ///< In the frame.
  int horizontal = 1;  ///< Blocks of it in an MCU, side by side.
  int vertical = 1;    ///< Blocks of it in an MCU, one above the other.
  std::shared_ptr<const CoderTables> tables;
};

/// The order in which a scan holds its blocks (T.81, A.2).
struct ScanPlan {
  std::vector<PlannedComponent> components;
  int mcus_wide = 0;
  int mcus_high = 0;
  int blocks_in_mcu = 0;
  int restart_interval = 0;  ///< In MCUs; all of them when the scan has no restart markers.

  /// Which of `components` each block of an MCU belongs to.
  std::array<std::uint8_t, kMaxBlocksInMcu> component_of_block{};

  std::size_t mcus() const { return std::size_t(mcus_wide) * std::size_t(mcus_high); }
  std::size_t blocks() const { return mcus() * std::size_t(blocks_in_mcu); }
  std::size_t segments() const {
    return (mcus() + std::size_t(restart_interval) - 1) / std::size_t(restart_interval);
  }
  const CoderTables& tables_of_block(std::size_t block_in_mcu) const {
    return *components[component_of_block[block_in_mcu]].tables;
  }

  /// The smallest distance of blocks after which the tables repeat: blocks_in_mcu, or a part of it.
  std::uint32_t table_period() const;
};

/// The order of blocks in the scan that was just read. Its components have no tables yet.
ScanPlan plan_scan(const MarkerReader& reader);

}  // namespace thumbjpeg
