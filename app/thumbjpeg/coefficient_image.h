#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "thumbjpeg/progressive.h"
#include "thumbjpeg/reference_coefficients.h"
#include "thumbjpeg/scans.h"
#include "thumbjpeg/section_decoder.h"

namespace thumbjpeg {

/// Of each component blocks_high × blocks_wide × side × side.
using KeptCoefficients = std::vector<std::vector<std::int16_t>>;

/// Appends a row of blocks, the lines of which are `stride` apart.
inline void append_blocks(const std::int16_t* lines, std::size_t stride, int blocks, int side,
                          std::vector<std::int16_t>& kept) {
  for (int x = 0; x < blocks; ++x) {
    for (int i = 0; i < side * side; ++i) {
      kept.push_back(lines[static_cast<std::size_t>(i) * stride + static_cast<std::size_t>(x)]);
    }
  }
}

/// Keeps the rows of a scan; both must outlive the sink.
inline RowSink keep_in(KeptCoefficients& kept, const Frame& frame) {
  kept.resize(frame.components.size());
  return [&kept, &frame](const ScanPlan& plan, int mcu_row, const CoefficientRow& row) {
    for (std::size_t c = 0; c < plan.components.size(); ++c) {
      const PlannedComponent& part = plan.components[c];
      const Component& component = frame.components[std::size_t(part.index)];
      for (int v = 0; v < part.vertical; ++v) {
        if (mcu_row * part.vertical + v < component.blocks_high) {
          append_blocks(row.lines(c, v), row.stride(), component.blocks_wide, row.side(),
                        kept[std::size_t(part.index)]);
        }
      }
    }
  };
}

inline KeptCoefficients kept_of_sequential(MarkerReader& reader, int side, Workspace& workspace) {
  KeptCoefficients kept;
  const auto keep = keep_in(kept, reader.frame());
  return decode_sequential(reader, workspace, side, keep) ? kept : KeptCoefficients{};
}

inline KeptCoefficients kept_of_progressive(MarkerReader& reader, int side, Workspace& workspace) {
  ProgressiveDecoder decoder(reader, workspace, side);
  if (!decoder.decode()) {
    return {};
  }
  KeptCoefficients kept(reader.frame().components.size());
  for (std::size_t c = 0; c < kept.size(); ++c) {
    const Component& component = reader.frame().components[c];
    for (int y = 0; y < component.blocks_high; ++y) {
      append_blocks(decoder.plane(c).lines(std::size_t(y)), decoder.plane(c).stride,
                    component.blocks_wide, side, kept[c]);
    }
  }
  return kept;
}

/// All kept coefficients of a file, for tests. Empty when the file is refused.
inline KeptCoefficients kept_coefficients(std::span<const std::uint8_t> file, int side,
                                          Workspace& workspace) {
  MarkerReader reader(file);
  if (reader.next() != MarkerReader::Stop::Scan || reader.frame().components.empty()) {
    return {};
  }
  return reader.frame().is_progressive ? kept_of_progressive(reader, side, workspace)
                                       : kept_of_sequential(reader, side, workspace);
}

/// The sections of a file, each decoded by itself; fewer than `count` when one is refused.
inline std::vector<Section> sections_of(std::span<const std::uint8_t> file, int count, int side,
                                        Workspace& workspace) {
  std::vector<Section> sections;
  MarkerReader reader(file);
  const auto plan = reader.next() == MarkerReader::Stop::Scan
                        ? plan_only_scan(reader, workspace.tables)
                        : std::nullopt;
  const std::size_t scan_begin = file.size() - reader.rest().size();
  for (int i = 0; plan && i < count; ++i) {
    const ByteRange range = range_of_section({i, count}, scan_begin, file.size());
    const auto bytes = bytes_of_section({i, count}, scan_begin, file.size(),
                                        file.subspan(range.begin, range.end - range.begin));
    auto section = decode_section(*plan, bytes, side, workspace.data);
    if (!section) {
      break;
    }
    sections.push_back(std::move(*section));
  }
  return sections;
}

/// All kept coefficients of a file, put together of sections. Empty when they are refused.
inline KeptCoefficients joined_coefficients(std::span<const std::uint8_t> file,
                                            std::span<const Section> sections, int side,
                                            Workspace& workspace) {
  MarkerReader reader(file);
  if (reader.next() != MarkerReader::Stop::Scan) {
    return {};
  }
  const auto plan = plan_only_scan(reader, workspace.tables);
  KeptCoefficients kept;
  const auto keep = keep_in(kept, reader.frame());
  return plan && join_sections(*plan, sections, side, keep) ? kept : KeptCoefficients{};
}

/// True when all kept coefficients are those that libjpeg reads.
inline bool are_equal(const KeptCoefficients& kept, const ReferenceCoefficients& reference,
                      int side) {
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
