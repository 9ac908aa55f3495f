#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <bulkhead/expected.h>

#include "imaging/extent.h"
#include "imaging/image_error.h"

namespace bulkhead::imaging {

/// What a Windows bitmap says before its pixels (Microsoft, "Bitmap Header Types").
struct BmpHeader {
  enum class Coding : std::uint8_t { Plain, RunLengths8, RunLengths4 };

  Extent size;
  bool is_top_down = false;
  int bits = 24;  ///< of one pixel: 1, 2, 4, 8, 16, 24 or 32
  Coding coding = Coding::Plain;
  /// Red, green, blue, alpha in a pixel of 16 or 32 bits; an alpha of 0: there is none.
  std::array<std::uint32_t, 4> masks{};
  std::vector<std::array<std::uint8_t, 3>> palette;  ///< RGB, of 2 to the power of `bits` entries
  std::size_t pixels_offset = 0;                     ///< in the file, and within it
};

/// Errors: Damaged, Unsupported.
Expected<BmpHeader, ImageError> read_bmp_header(std::span<const std::uint8_t> file);

}  // namespace bulkhead::imaging
