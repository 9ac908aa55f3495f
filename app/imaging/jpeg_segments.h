#pragma once

// jpeglib.h uses FILE and size_t without declaring them, so the order matters.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bulkhead::imaging {

/// Where the metadata of a JPEG lies in its bytes, without a copy.
struct JpegSegments {
  using Bytes = std::span<const std::uint8_t>;

  Bytes exif;       ///< The payload of the first EXIF segment.
  Bytes xmp;        ///< The first packet of XMP.
  Bytes resources;  ///< The payload of the first APP13 segment, which is Photoshop's.
  /// The parts of the ICC profile by their numbers, which begin at 1 (ICC.1:2010, B.4).
  std::array<Bytes, 256> profile_parts;
  std::size_t profile_part_count = 0;  ///< As the parts say.

  /// The profile in one piece; empty when there is none, or a part of it is missing.
  std::vector<std::byte> profile() const;
};

/// Has libjpeg, while it reads the header, note the segments of its source, whose bytes must lie in
/// memory as one piece. Takes the codec's client_data.
void watch_segments(jpeg_decompress_struct& codec, JpegSegments& segments);

}  // namespace bulkhead::imaging
