#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "thumbjpeg/coefficient_row.h"
#include "thumbjpeg/scan_plan.h"
#include "thumbjpeg/section.h"

namespace thumbjpeg {

/// Puts the sections of a scan together to rows of MCUs. It believes no section: they may come from
/// another process.
class SectionJoiner {
 public:
  /// The plan and the sections, which are in the order of the file, must outlive the joiner.
  SectionJoiner(const ScanPlan& plan, std::span<const Section> sections, int side)
      : plan_(plan), sections_(sections), side_(side), row_(plan, side) {}

  /// Finds the place of each section; false when they are not all of the scan, each once. To be
  /// called first.
  bool place();

  /// Makes the next row, of plan.mcus_high. False when a mean does not fit.
  bool next_row();

  const CoefficientRow& row() const { return row_; }

 private:
  using Means = std::array<std::int32_t, kMaxComponents>;

  struct Placed {
    const Section* section = nullptr;
    std::size_t first_mcu = 0;
    std::size_t end_mcu = 0;
    Means means_before{};
  };

  /// MCUs that lie side by side in a row of a section and in one of the picture.
  struct Piece {
    const Placed* placed = nullptr;
    std::size_t mcu = 0;  ///< Of the picture.
    std::size_t count = 0;
  };

  std::size_t entries_of_mcu() const;
  bool is_possible(const Section& section) const;
  bool continues(const Section& section, std::size_t mcu) const;
  bool copy(const Piece& piece);
  bool copy_means(const std::int16_t* from, std::size_t count, std::int32_t before,
                  std::int16_t* to) const;

  const ScanPlan& plan_;
  std::span<const Section> sections_;
  int side_;
  CoefficientRow row_;
  std::vector<Placed> placed_;
  std::size_t mcus_before_ = 0;
};

}  // namespace thumbjpeg
