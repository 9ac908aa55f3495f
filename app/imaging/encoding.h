#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <bulkhead/expected.h>

#include "imaging/colour.h"
#include "imaging/image_error.h"
#include "imaging/metadata.h"
#include "imaging/picture.h"

namespace bulkhead::imaging {

/// The formats that thumbnails are written in.
enum class OutputFormat : std::uint8_t {
  Jpeg,
  Png,
  Webp,
  Avif,
  Samples,  ///< no file: grey or RGB of 8 bits, interleaved, row by row
};

enum class JpegScans : std::uint8_t { Baseline, Progressive };
enum class HuffmanTables : std::uint8_t { Optimized, Standard };

/// How a thumbnail is written.
struct Encoding {
  OutputFormat format = OutputFormat::Jpeg;
  int quality = 75;  ///< 1 to 100, as libjpeg, libwebp and libheif count; PNG has none.
  Chroma chroma = Chroma::Halved;  ///< of JPEG
  JpegScans scans = JpegScans::Baseline;
  HuffmanTables tables = HuffmanTables::Optimized;
  /// Of the file, for which quality is given up; 0: as many as it takes. PNG has no quality.
  std::uint64_t max_bytes = 0;
};

/// Whether the format can hold alpha.
inline bool holds_alpha(OutputFormat format) {
  return format != OutputFormat::Jpeg && format != OutputFormat::Samples;
}

/// The longest side that a file of the format can have.
int max_side(OutputFormat format);

/// The format's name, as people write it: "WebP".
const char* name_of(OutputFormat format);

/// Samples of 8 bits, interleaved, alpha last.
std::vector<std::byte> interleaved(const ColourPicture& colours);

/// Writes colours in the format asked for, with metadata; PNG, WebP and AVIF by libvips
/// (vips_module.h). JPEG has no alpha: flatten() first.
/// Errors: OutOfMemory; TooLarge when it takes more bytes than allowed at every quality;
/// Unsupported when this libvips cannot write the format.
Expected<std::vector<std::byte>, ImageError> encode(const ColourPicture& colours,
                                                    const Encoding& encoding,
                                                    const Metadata& metadata = {});

/// Writes a picture as a JPEG with metadata; whatever the format of `encoding` is.
/// Errors: OutOfMemory, TooLarge.
Expected<std::vector<std::byte>, ImageError> encode(Picture picture, const Encoding& encoding,
                                                    const Metadata& metadata = {});

/// The same for samples of 8 bits, grey or RGB, interleaved, row by row.
Expected<std::vector<std::byte>, ImageError> encode(std::span<const std::byte> samples, Extent size,
                                                    const Encoding& encoding);

}  // namespace bulkhead::imaging
