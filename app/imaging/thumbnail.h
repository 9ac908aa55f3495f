#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "imaging/extent.h"
#include "imaging/image_error.h"

namespace bulkhead::imaging {

/// What a thumbnail shall be. Members are added at the end, with defaults that change nothing.
struct ThumbnailOptions {
  Extent box{128, 128};  ///< The thumbnail fits into it; a side below 1 counts as 1.
  int quality = 75;      ///< Of the JPEG written, 1 to 100.
  std::uint64_t max_pixels = 1'000'000'000;  ///< Of the image as its header declares it.
  /// Of the image as it lies in memory: as the decoder scales it, and before it where that does.
  std::uint64_t max_decoded_pixels = 100'000'000;
};

/// A small JPEG of a photo, and what was seen while it was made.
struct Thumbnail {
  std::vector<std::byte> jpeg;  ///< JFIF, upright; no EXIF, no profile, no other metadata.
  Extent source;                ///< The photo, as it is shown (after orientation).
  Extent size;                  ///< The thumbnail.
  int orientation = 1;          ///< Of the photo as it is stored, 1 to 8 as in EXIF; applied.
  std::string decoder;          ///< What read it, and at which scale: "libjpeg 1/8".
  std::string damage;           ///< Empty: the photo is whole. Else what was wrong with it.
};

/// Makes a thumbnail of an image file, of which its bytes say which format it has: fitted into the
/// box with its proportions kept, never enlarged, turned upright. Of a damaged file it shows what
/// can be read, and says so in `damage`. Any thread may call it; nothing is shared between threads.
/// Errors: every fault of ImageFault; the message names the reason.
Expected<Thumbnail, ImageError> make_thumbnail(std::span<const std::byte> file,
                                               const ThumbnailOptions& options = {});

}  // namespace bulkhead::imaging
