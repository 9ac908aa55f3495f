#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "thumbjpeg/frame.h"
#include "thumbjpeg/scans.h"

namespace thumbjpeg {

/// The means (first coefficients) of one component's blocks, in rows.
struct MeanPlane {
  std::size_t blocks_wide = 0;  ///< Those that fill up MCUs included.
  std::size_t blocks_high = 0;
  std::size_t stride = 0;
  std::vector<std::int16_t> means;
  Quantizer quantizer;

  std::int16_t* row(std::size_t y) { return means.data() + y * stride; }
  const std::int16_t* row(std::size_t y) const { return means.data() + y * stride; }
};

/// Decodes the means of a progressive file. The scans of other coefficients, nine tenths of the
/// data, are not looked into.
class ProgressiveMeans {
 public:
  /// `reader` has just reached the first scan.
  ProgressiveMeans(MarkerReader& reader, Workspace& workspace);

  /// From the first scan to the end of the image. False when anything that it sees is irregular,
  /// or when the scans do not give all coefficients in full.
  bool decode();

  const MeanPlane& plane(std::size_t component) const { return planes_[component]; }

 private:
  bool is_progress(const ScanHeader& scan);
  bool decode_scan();
  bool decode_segment(const ScanPlan& plan, std::size_t segment);
  bool decode_block(const PlannedComponent& component, std::int16_t& mean, std::int32_t& sum);

  MarkerReader& reader_;
  Workspace& workspace_;
  std::vector<MeanPlane> planes_;
  std::uint64_t position_ = 0;  // In the scan's data, in bits.
  /// For each coefficient the lowest bit that is known, or -1.
  std::array<std::array<std::int8_t, kBlockArea>, kMaxComponents> known_{};
};

}  // namespace thumbjpeg
