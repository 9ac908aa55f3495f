#pragma once

#include <optional>

#include "thumbjpeg/scans.h"
#include "thumbjpeg/section_data.h"

namespace thumbjpeg {

/// The plan of a picture's only scan, which `reader` has just reached, when it can be decoded in
/// sections: it is sequential and has all components.
std::optional<ScanPlan> plan_only_scan(const MarkerReader& reader, TableCache& tables);

/// Decodes a section of the scan of that plan. Nothing when anything about it is irregular.
std::optional<Section> decode_section(const ScanPlan& plan, const SectionBytes& bytes, int side,
                                      EntropyData& data);

}  // namespace thumbjpeg
