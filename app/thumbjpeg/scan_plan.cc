#include "thumbjpeg/scan_plan.h"

#include <algorithm>

namespace thumbjpeg {

std::uint32_t ScanPlan::table_period() const {
  const auto blocks = static_cast<std::uint32_t>(blocks_in_mcu);
  const auto repeats = [&](std::uint32_t period) {
    for (std::uint32_t block = 0; block < blocks; ++block) {
      if (&tables_of_block(block) != &tables_of_block((block + period) % blocks)) {
        return false;
      }
    }
    return true;
  };
  std::uint32_t period = 1;
  while (period < blocks && !(blocks % period == 0 && repeats(period))) {
    ++period;
  }
  return period;
}

ScanPlan plan_scan(const MarkerReader& reader) {
  const Frame& frame = reader.frame();
  const ScanHeader& scan = reader.scan();
  ScanPlan plan;
  plan.mcus_wide = frame.mcus_wide;
  plan.mcus_high = frame.mcus_high;
  for (const ScanComponent& part : scan.components) {
    const Component& component = frame.components[std::size_t(part.index)];
    plan.components.push_back({.index = part.index,
                               .horizontal = component.horizontal,
                               .vertical = component.vertical,
                               .tables = nullptr});
  }
  // A component that comes alone is stored block by block, without those that only fill an MCU up.
  if (plan.components.size() == 1) {
    const Component& component = frame.components[std::size_t(plan.components[0].index)];
    plan.components[0].horizontal = 1;
    plan.components[0].vertical = 1;
    plan.mcus_wide = component.blocks_wide;
    plan.mcus_high = component.blocks_high;
  }
  for (std::size_t c = 0; c < plan.components.size(); ++c) {
    const int blocks = plan.components[c].horizontal * plan.components[c].vertical;
    std::fill_n(plan.component_of_block.begin() + plan.blocks_in_mcu, blocks,
                static_cast<std::uint8_t>(c));
    plan.blocks_in_mcu += blocks;
  }
  const auto all = static_cast<std::size_t>(plan.mcus_wide) * std::size_t(plan.mcus_high);
  const auto interval = static_cast<std::size_t>(reader.restart_interval());
  plan.restart_interval = static_cast<int>(interval == 0 ? all : std::min(all, interval));
  return plan;
}

}  // namespace thumbjpeg
