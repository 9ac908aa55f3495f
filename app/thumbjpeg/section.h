#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace thumbjpeg {

/// Which of the sections that a file is cut into.
struct SectionNumber {
  int index = 0;
  int count = 1;
};

/// Some bytes of a file.
struct ByteRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// What was decoded of a section of a file: whole MCUs, whose place in the picture only those in
/// front of them tell. Plain values, which can go to another process.
struct Section {
  int eighths = 1;
  int mcus = 0;
  int doubtful_mcus = 0;      ///< So many of them, at the end, may be nothing but padding.
  int restart_number = -1;    ///< Of the restart marker in front of it; -1: there is none.
  bool ends_picture = false;  ///< Behind it the file says that the picture ends.
  /// Of each component the sum of its differences of means, unless there are restart markers.
  std::array<std::int32_t, 3> means{};
  /// In rows of as many MCUs as the picture has: of each component, row of its blocks and
  /// coefficient a line, as in a CoefficientRow but without a gap behind it. The last row may be
  /// shorter.
  std::vector<std::int16_t> coefficients = {};
};

}  // namespace thumbjpeg
