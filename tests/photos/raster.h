#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "photos/photo.h"

namespace bulkhead::test_photos {

/// How a picture is stored in a file that is not a JPEG.
struct RasterOptions {
  std::string suffix =
      ".png";            ///< as libvips names formats and their options: ".tif[compression=lzw]"
  int orientation = 0;   ///< with the picture stored turned accordingly; 0: none said
  bool is_wide = false;  ///< 16 bits a channel
  bool is_grey = false;
  bool is_cmyk = false;
  bool is_lab = false;  ///< of 8 bits a channel; only TIFF holds it
  int alpha = -1;  ///< 0 to 255 for all pixels of the left half, the right one is opaque; -1: none
};

/// Writes the pixels (as shown) as a file, by libvips. Options that it refuses end the process with
/// its message: they are a mistake in the test.
std::vector<std::byte> encode_raster(const Pixels& shown, const RasterOptions& options);

/// A PNG with an eXIf chunk of the orientation, which libvips does not write.
std::vector<std::byte> encode_png_with_exif(const Pixels& shown, int orientation);

}  // namespace bulkhead::test_photos
