#pragma once

#include <functional>
#include <optional>
#include <span>

#include "thumbjpeg/coefficient_row.h"
#include "thumbjpeg/entropy_data.h"
#include "thumbjpeg/frame.h"
#include "thumbjpeg/huffman.h"
#include "thumbjpeg/scan_plan.h"
#include "thumbjpeg/section.h"

namespace thumbjpeg {

/// Memory and tables that are of use again for the next file.
struct Workspace {
  EntropyData data;
  TableCache tables;
};

/// Called with each row of MCUs of a scan, from the top. Rows of a file that turns out to be
/// irregular are seen before that is known.
using RowSink = std::function<void(const ScanPlan& plan, int mcu_row, const CoefficientRow& row)>;

/// The plan of the sequential scan that `reader` has just reached, with its tables; nothing when it
/// is none, or a table is not defined.
std::optional<ScanPlan> plan_sequential_scan(const MarkerReader& reader, TableCache& tables);

/// Decodes the kept coefficients of a sequential file, from its first scan, which `reader` has just
/// reached, to the end of the image. False when anything about it is irregular.
bool decode_sequential(MarkerReader& reader, Workspace& workspace, int side, const RowSink& sink);

/// Gives the rows of the plan's scan, made of its sections. False when those are not what the plan
/// tells.
bool join_sections(const ScanPlan& plan, std::span<const Section> sections, int side,
                   const RowSink& sink);

}  // namespace thumbjpeg
