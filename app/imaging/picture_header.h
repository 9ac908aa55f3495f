#pragma once

#include <cstddef>
#include <span>

#include <bulkhead/expected.h>

#include "imaging/extent.h"
#include "imaging/file_format.h"
#include "imaging/image_error.h"

namespace bulkhead::imaging {

/// What an image file says of itself before its pixels.
struct PictureHeader {
  FileFormat format = FileFormat::Jpeg;
  Extent stored;        ///< Before the turn that the orientation asks for.
  int orientation = 1;  ///< EXIF, 1 to 8.

  Extent shown() const { return orientation > 4 ? Extent{stored.height, stored.width} : stored; }
};

/// Reads the header of a file of any format that make_thumbnails() reads; of a camera's raw file
/// that of its largest preview. No pixel is decoded.
/// Errors: NotAnImage, Unsupported, Damaged, OutOfMemory.
Expected<PictureHeader, ImageError> read_picture_header(std::span<const std::byte> file);

}  // namespace bulkhead::imaging
