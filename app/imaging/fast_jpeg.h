#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "imaging/jpeg_decoder.h"
#include "thumbjpeg/thumbjpeg.h"

namespace bulkhead::imaging {

/// A JPEG that thumbjpeg decodes, in a quarter of libjpeg's time and less. What it refuses, libjpeg
/// decides. Keeps memory for the next file, for each thread; so one at a time.
class FastJpeg {
 public:
  /// Opens a file, or its beginning, to be decoded at `eighths` of its size. Nothing when thumbjpeg
  /// does not take the file or the scale, or when chroma is to be shown in full and stored smaller,
  /// which libjpeg decodes at a larger scale.
  static std::optional<FastJpeg> open(std::span<const std::byte> file, int eighths, Chroma chroma);

  std::optional<DecodedImage> decode();

  // Sections: see thumbjpeg::Decoder.

  std::optional<thumbjpeg::ByteRange> range_of(thumbjpeg::SectionNumber number,
                                               std::size_t file_bytes);
  std::optional<thumbjpeg::Section> decode_section(thumbjpeg::SectionNumber number,
                                                   std::size_t file_bytes,
                                                   std::span<const std::byte> range);
  std::optional<DecodedImage> join(std::span<const thumbjpeg::Section> sections);

 private:
  FastJpeg(thumbjpeg::Decoder& decoder, std::vector<thumbjpeg::PlaneLayout> layouts)
      : decoder_(&decoder), layouts_(std::move(layouts)) {}

  template <class Decode>
  std::optional<DecodedImage> fill_planes(Decode decode);

  thumbjpeg::Decoder* decoder_;
  std::vector<thumbjpeg::PlaneLayout> layouts_;
};

}  // namespace bulkhead::imaging
