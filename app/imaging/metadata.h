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

/// What of a photo's metadata its thumbnails carry.
struct KeptMetadata {
  KeptExif exif = KeptExif::None;
  bool xmp = false;   ///< But for an orientation.
  bool iptc = false;  ///< In JPEGs; the other formats have no place for it.
};

/// What the file of a thumbnail says besides its pixels.
struct Metadata {
  std::vector<std::byte> profile = {};  ///< ICC, of the values of its pixels; empty: none.
  std::vector<std::byte> exif = {};     ///< The TIFF structure of EXIF; empty: none.
  std::vector<std::byte> xmp = {};      ///< The packet; empty: none.
  std::vector<std::byte> iptc = {};     ///< The record (IIM); only JPEGs hold it.

  bool empty() const { return profile.empty() && exif.empty() && xmp.empty() && iptc.empty(); }
};

}  // namespace bulkhead::imaging
