#include "thumbjpeg/scans.h"

#include <algorithm>
#include <vector>

#include "thumbjpeg/scan_decoder.h"
#include "thumbjpeg/section_joiner.h"

namespace thumbjpeg {

namespace {

bool is_whole_spectrum(const ScanHeader& scan) {
  return scan.spectral_start == 0 && scan.spectral_end == kBlockArea - 1 &&
         scan.approximation_high == 0 && scan.approximation_low == 0;
}

/// Gives the components their tables; false when one is not defined.
bool find_tables(const MarkerReader& reader, TableCache& cache, ScanPlan& plan) {
  for (std::size_t i = 0; i < plan.components.size(); ++i) {
    const ScanComponent& part = reader.scan().components[i];
    const HuffmanSpec& dc = reader.dc_table(part.dc_table);
    const HuffmanSpec& ac = reader.ac_table(part.ac_table);
    if (!dc.is_defined || !ac.is_defined) {
      return false;
    }
    plan.components[i].tables = cache.find(dc, ac);
  }
  return true;
}

bool decode_scan(const MarkerReader& reader, Workspace& workspace, int side, const RowSink& sink) {
  const auto plan = plan_sequential_scan(reader, workspace.tables);
  if (!plan || !workspace.data.read(reader.rest(), plan->segments())) {
    return false;
  }
  ScanDecoder decoder(*plan, workspace.data, side);
  for (int row = 0; row < plan->mcus_high; ++row) {
    if (!decoder.next_row()) {
      return false;
    }
    sink(*plan, row, decoder.row());
  }
  return true;
}

}  // namespace

std::optional<ScanPlan> plan_sequential_scan(const MarkerReader& reader, TableCache& tables) {
  std::optional<ScanPlan> plan = plan_scan(reader);
  if (!is_whole_spectrum(reader.scan()) || !find_tables(reader, tables, *plan)) {
    plan.reset();
  }
  return plan;
}

bool decode_sequential(MarkerReader& reader, Workspace& workspace, int side, const RowSink& sink) {
  std::vector<bool> is_decoded(reader.frame().components.size());
  auto stop = MarkerReader::Stop::Scan;
  for (; stop == MarkerReader::Stop::Scan; stop = reader.next()) {
    for (const ScanComponent& part : reader.scan().components) {
      const auto index = static_cast<std::size_t>(part.index);
      const int quantizer = reader.frame().components[index].quantizer;
      if (is_decoded[index] || !reader.quantizer(quantizer).is_defined) {
        return false;
      }
      is_decoded[index] = true;
    }
    if (!decode_scan(reader, workspace, side, sink)) {
      return false;
    }
    reader.skip(workspace.data.bytes_in_file());
  }
  return stop == MarkerReader::Stop::End &&
         std::ranges::all_of(is_decoded, [](bool is_known) { return is_known; });
}

bool join_sections(const ScanPlan& plan, std::span<const Section> sections, int side,
                   const RowSink& sink) {
  SectionJoiner joiner(plan, sections, side);
  if (!joiner.place()) {
    return false;
  }
  for (int row = 0; row < plan.mcus_high; ++row) {
    if (!joiner.next_row()) {
      return false;
    }
    sink(plan, row, joiner.row());
  }
  return true;
}

}  // namespace thumbjpeg
