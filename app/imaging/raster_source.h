#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "imaging/colour_model.h"
#include "imaging/extent.h"
#include "imaging/file_format.h"
#include "imaging/image_error.h"

namespace bulkhead::imaging {

/// What an image file says of itself, and the form in which its rows come.
struct RasterHeader {
  std::string decoder;  ///< What reads it: "libvips png".
  Extent size;          ///< Of the rows, as stored.
  Extent full_size;  ///< Of the picture; larger than `size` when the source shrinks it by itself.
  ColourModel colour = ColourModel::Rgb;  ///< Grey, Rgb or Cmyk (the largest value is full ink).
  bool has_alpha = false;                 ///< One more channel, the last; nothing is premultiplied.
  int sample_bytes = 1;                   ///< 1, or 2 in the order of the machine.
  int orientation = 1;                    ///< EXIF, 1 to 8.
  std::vector<std::byte> profile = {};    ///< ICC; empty: none.
  bool has_broken_profile = false;        ///< There is one in the file, and it cannot be read.
  std::vector<std::byte> exif = {};       ///< The TIFF structure of EXIF; empty: none.
  std::vector<std::byte> xmp = {};        ///< The packet; empty: none.
  std::vector<std::byte> iptc = {};       ///< The record (IIM); empty: none.
  std::string damage = {};                ///< What is known to be missing before any row is read.
  /// Rows are decoded as they are read. Otherwise the whole picture lies in memory first.
  bool is_streamed = true;
};

/// An image file that is not a JPEG, read row by row. The file's bytes must outlive it.
class RasterSource {
 public:
  RasterSource() = default;
  RasterSource(const RasterSource&) = delete;
  RasterSource& operator=(const RasterSource&) = delete;
  virtual ~RasterSource() = default;

  virtual const RasterHeader& header() const = 0;

  /// Called before the first row: lets the source shrink the picture by itself, as long as `least`
  /// is left on both sides. Changes the header's `size` when it does. Sources need not do it.
  virtual void shrink_to(Extent least) { static_cast<void>(least); }

  /// The next row, the topmost first: width × channels samples, interleaved; valid until the next
  /// call. Once it failed it is not called again.
  /// Errors: Damaged, OutOfMemory.
  virtual Expected<std::span<const std::byte>, ImageError> read_row() = 0;
};

using OpenedRaster = Expected<std::unique_ptr<RasterSource>, ImageError>;

/// How a raster is to be opened.
struct RasterRequest {
  FileFormat format = FileFormat::Png;
  std::span<const std::byte> file;
  /// Whether the rest of a file that breaks off is made up, for want of anything else to show.
  bool makes_up_rest = false;
  /// Whether shrink_to() may give the small picture that the file holds beside the photo.
  bool may_be_preview = false;
};

}  // namespace bulkhead::imaging
