#pragma once

#include <functional>

#include "thumbjpeg/coefficient_row.h"
#include "thumbjpeg/entropy_data.h"
#include "thumbjpeg/frame.h"
#include "thumbjpeg/huffman.h"
#include "thumbjpeg/scan_plan.h"

namespace thumbjpeg {

/// Memory and tables that are of use again for the next file.
struct Workspace {
  EntropyData data;
  TableCache tables;
};

/// Called with each row of MCUs of a scan, from the top. Rows of a file that turns out to be
/// irregular are seen before that is known.
using RowSink = std::function<void(const ScanPlan& plan, int mcu_row, const CoefficientRow& row)>;

/// Decodes the kept coefficients of a sequential file, from its first scan, which `reader` has just
/// reached, to the end of the image. False when anything about it is irregular.
bool decode_sequential(MarkerReader& reader, Workspace& workspace, int side, const RowSink& sink);

}  // namespace thumbjpeg
