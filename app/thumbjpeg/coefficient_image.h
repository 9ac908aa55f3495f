#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "thumbjpeg/reference_coefficients.h"
#include "thumbjpeg/scans.h"

namespace thumbjpeg {

/// All kept coefficients of a file, for tests: of each component blocks_high × blocks_wide ×
/// side × side. Empty when the file is refused.
inline std::vector<std::vector<std::int16_t>> kept_coefficients(std::span<const std::uint8_t> file,
                                                                int side, Workspace& workspace) {
  MarkerReader reader(file);
  if (reader.next() != MarkerReader::Stop::Scan || reader.frame().components.empty() ||
      reader.frame().is_progressive) {
    return {};
  }
  std::vector<std::vector<std::int16_t>> kept(reader.frame().components.size());
  const auto area = static_cast<std::size_t>(side * side);
  const auto keep = [&](const ScanPlan& plan, int mcu_row, const CoefficientRow& row) {
    for (std::size_t c = 0; c < plan.components.size(); ++c) {
      const PlannedComponent& part = plan.components[c];
      const Component& component = reader.frame().components[std::size_t(part.index)];
      for (int v = 0; v < part.vertical; ++v) {
        const int y = mcu_row * part.vertical + v;
        if (y >= component.blocks_high) {
          break;
        }
        auto& all = kept[std::size_t(part.index)];
        const std::size_t first = all.size();
        all.resize(first + std::size_t(component.blocks_wide) * area);
        for (std::size_t i = 0; i < area; ++i) {
          const std::int16_t* const line = row.lines(c, v) + i * row.stride();
          for (std::size_t x = 0; x < std::size_t(component.blocks_wide); ++x) {
            all[first + x * area + i] = line[x];
          }
        }
      }
    }
  };
  if (!decode_sequential(reader, workspace, side, keep)) {
    return {};
  }
  return kept;
}

/// True when all kept coefficients are those that libjpeg reads.
inline bool are_equal(const std::vector<std::vector<std::int16_t>>& kept,
                      const ReferenceCoefficients& reference, int side) {
  if (kept.size() != reference.components.size()) {
    return false;
  }
  for (std::size_t c = 0; c < kept.size(); ++c) {
    const std::int16_t* actual = kept[c].data();
    const auto& component = reference.components[c];
    for (int y = 0; y < component.blocks_high; ++y) {
      for (int x = 0; x < component.blocks_wide; ++x) {
        for (int i = 0; i < side * side; ++i) {
          if (*actual++ != component.block(x, y)[i / side * DCTSIZE + i % side]) {
            return false;
          }
        }
      }
    }
  }
  return true;
}

}  // namespace thumbjpeg
