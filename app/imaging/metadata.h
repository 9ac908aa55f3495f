#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bulkhead::imaging {

/// What of a photo's EXIF its thumbnails carry.
enum class KeptExif : std::uint8_t {
  None,
  Author,  ///< Artist and copyright.
  All,     ///< What is true of the thumbnail, too: not the orientation, nor the preview.
};

/// What the file of a thumbnail says besides its pixels.
struct Metadata {
  std::vector<std::byte> profile = {};  ///< ICC, of the values of its pixels; empty: none.
  std::vector<std::byte> exif = {};     ///< The TIFF structure of EXIF; empty: none.

  bool empty() const { return profile.empty() && exif.empty(); }
};

}  // namespace bulkhead::imaging
