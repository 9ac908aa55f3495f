#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "imaging/colour_model.h"
#include "imaging/extent.h"
#include "imaging/image_error.h"
#include "imaging/picture.h"
#include "imaging/placed_plane.h"

namespace bulkhead::imaging {

/// What a JPEG says of itself before its first scan.
struct JpegHeader {
  Extent size;  ///< As stored.
  ColourModel colour = ColourModel::YCbCr;
  int orientation = 1;                   ///< EXIF, 1 to 8.
  std::vector<std::byte> profile = {};   ///< ICC; empty: none, or not all of it.
  bool has_broken_profile = false;       ///< Not all of it.
  std::span<const std::byte> exif = {};  ///< The TIFF structure of EXIF, in the file's bytes.
  std::span<const std::byte> xmp = {};   ///< The packet, in the file's bytes; empty: none.
  std::span<const std::byte> iptc = {};  ///< The record (IIM), in the file's bytes; empty: none.
  /// The small JPEG in its EXIF, in the file's bytes; empty: none.
  std::span<const std::byte> preview = {};
};

/// One channel as decoded: subsampled as the file stores it, at the scale asked for.
using DecodedPlane = PlacedPlane<std::uint8_t>;

struct DecodedImage {
  std::vector<DecodedPlane> planes;
  std::string decoder = "libjpeg";  ///< What decoded it, by name.
  std::string damage;               ///< Empty, or what was wrong with the file.
};

/// Reads the first picture of one JPEG file: the header, then the planes, once.
class JpegDecoder {
 public:
  /// Reads the header. The bytes must outlive the decoder.
  /// Errors: NotAnImage, Unsupported, Damaged (no picture data), OutOfMemory.
  static Expected<JpegDecoder, ImageError> open(std::span<const std::byte> file);

  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;
  JpegDecoder(JpegDecoder&& other) noexcept;
  JpegDecoder& operator=(JpegDecoder&& other) noexcept;
  ~JpegDecoder();

  const JpegHeader& header() const;

  /// Decodes at `eighths` (1, 2, 3, 4 or 8) of the size; call it once. What a damaged file does not
  /// give is mid-grey. Chroma that is stored smaller than luma is larger than asked for where
  /// `chroma` is to be shown in full. A file of more scans than a photo has is shown as far as was
  /// read. Errors: Damaged (nothing could be decoded), TooLarge (a progressive file whose
  /// coefficients need too much memory), OutOfMemory.
  Expected<DecodedImage, ImageError> decode(int eighths, Chroma chroma = Chroma::Halved);

  /// Decodes a file in YCbCr in full, into planes of red, green and blue: chroma that is stored
  /// smaller is enlarged smoothly, as most programs do it. Call it once, in place of decode().
  /// Errors: those of decode().
  Expected<DecodedImage, ImageError> decode_rgb();

 private:
  struct State;
  struct Wanted;

  /// Decodes with libjpeg. Errors: those of decode().
  Expected<DecodedImage, ImageError> decode_slowly(const Wanted& wanted);
  /// Decodes again, as if the file ended after its last whole scan.
  Expected<DecodedImage, ImageError> decode_whole_scans(const Wanted& wanted);

  explicit JpegDecoder(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace bulkhead::imaging
