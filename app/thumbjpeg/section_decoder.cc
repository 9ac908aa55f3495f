#include "thumbjpeg/section_decoder.h"

#include <algorithm>

#include "thumbjpeg/scan_decoder.h"

namespace thumbjpeg {

namespace {

void append_row(const ScanPlan& plan, const ScanDecoder& decoder,
                std::vector<std::int16_t>& coefficients) {
  const CoefficientRow& row = decoder.row();
  for (std::size_t c = 0; c < plan.components.size(); ++c) {
    const PlannedComponent& component = plan.components[c];
    const std::ptrdiff_t entries = std::ptrdiff_t{decoder.row_mcus()} * component.horizontal;
    for (int v = 0; v < component.vertical; ++v) {
      const std::int16_t* line = row.lines(c, v);
      for (int i = 0; i < row.side() * row.side(); ++i, line += row.stride()) {
        coefficients.insert(coefficients.end(), line, line + entries);
      }
    }
  }
}

}  // namespace

std::optional<ScanPlan> plan_only_scan(const MarkerReader& reader, TableCache& tables) {
  const Frame& frame = reader.frame();
  const bool has_quantizers = std::ranges::all_of(
      frame.components,
      [&](const Component& component) { return reader.quantizer(component.quantizer).is_defined; });
  if (frame.is_progressive || !has_quantizers ||
      reader.scan().components.size() != frame.components.size()) {
    return std::nullopt;
  }
  return plan_sequential_scan(reader, tables);
}

std::optional<Section> decode_section(const ScanPlan& plan, const SectionBytes& bytes, int side,
                                      EntropyData& data) {
  const auto layout = read_section(bytes, plan, data);
  if (!layout) {
    return std::nullopt;
  }
  Section section{.eighths = side,
                  .restart_number = layout->restart_number,
                  .ends_picture = layout->ends_picture};
  // An eighth more than all have on average.
  section.coefficients.reserve(plan.blocks() * static_cast<std::size_t>(side * side) /
                               static_cast<std::size_t>(bytes.count) * 9 / 8);
  ScanDecoder decoder(plan, data, side, layout->bounds);
  do {
    if (!decoder.next_row()) {
      return std::nullopt;
    }
    section.mcus += decoder.row_mcus();
    append_row(plan, decoder, section.coefficients);
  } while (!decoder.is_at_end());
  if (decoder.doubtful_blocks() < decoder.blocks_ahead()) {
    return std::nullopt;  // An MCU is cut off for sure.
  }
  section.doubtful_mcus =
      static_cast<int>(decoder.doubtful_blocks() - decoder.blocks_ahead()) / plan.blocks_in_mcu;
  section.means = decoder.means();
  return section;
}

}  // namespace thumbjpeg
