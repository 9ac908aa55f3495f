#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "thumbjpeg/coefficient_plane.h"
#include "thumbjpeg/frame.h"
#include "thumbjpeg/scans.h"

namespace thumbjpeg {

/// Decodes the kept coefficients of a progressive file. Scans that they do not depend on are not
/// looked into: at 1/8 those are nine tenths of the data.
class ProgressiveDecoder {
 public:
  /// `reader` has just reached the first scan. `side` is 1 to 4.
  ProgressiveDecoder(MarkerReader& reader, Workspace& workspace, int side);

  /// From the first scan to the end of the image. False when anything that it sees is irregular,
  /// or when the scans do not give all coefficients in full.
  bool decode();

  const CoefficientPlane& plane(std::size_t component) const { return planes_[component]; }

 private:
  using Coefficients = std::uint64_t;  // A bit for each, in zigzag order.

  bool look_at_scans(MarkerReader reader);
  bool is_progress(const MarkerReader& reader);
  void choose_scans();
  bool is_affordable() const;
  bool decode_scan();
  bool decode_means();
  bool decode_segment(const ScanPlan& plan, std::size_t segment);
  bool decode_block(const PlannedComponent& component, std::int16_t& mean, std::int32_t& sum);
  bool decode_others();

  MarkerReader& reader_;
  Workspace& workspace_;
  int side_;
  std::vector<CoefficientPlane> planes_;
  std::vector<ScanHeader> scans_;
  std::vector<bool> is_wanted_;  // Of each scan.
  std::uint64_t position_ = 0;   // In the scan's data, in bits.
  /// For each coefficient the lowest bit that is known, or -1.
  std::array<std::array<std::int8_t, kBlockArea>, kMaxComponents> known_{};
};

}  // namespace thumbjpeg
