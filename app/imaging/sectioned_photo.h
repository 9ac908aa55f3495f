#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "imaging/fast_jpeg.h"
#include "imaging/jpeg_making.h"
#include "thumbjpeg/section.h"

namespace bulkhead::imaging {

using thumbjpeg::ByteRange;
using thumbjpeg::Section;
using thumbjpeg::SectionNumber;

/// A large JPEG that is decoded in sections, by several workers at the same time, and put together
/// by one of them: the thumbnails are those that make_thumbnails() makes.
///
/// Each worker opens it with the beginning of its file. Whatever is not quite regular is refused;
/// make_thumbnails() decides then. One at a time in each thread.
class SectionedPhoto {
 public:
  /// `head` is the beginning of a file of `file_bytes`, up to the picture's data at least; it and
  /// the options must outlive the photo. Nothing when it is not to be decoded in sections.
  static std::optional<SectionedPhoto> open(std::span<const std::byte> head, std::size_t file_bytes,
                                            const ThumbnailOptions& options);

  /// The bytes of the file that a section takes.
  std::optional<ByteRange> range_of(SectionNumber number);

  /// Decodes a section from those bytes.
  std::optional<Section> decode(SectionNumber number, std::span<const std::byte> range);

  /// Makes the thumbnails of all sections. Once, as the last call. May throw std::bad_alloc.
  std::optional<Thumbnails> join(std::span<const Section> sections) &&;

 private:
  SectionedPhoto(std::span<const std::byte> head, std::size_t file_bytes, JpegDecoder decoder,
                 const ThumbnailOptions& options);

  std::optional<FastJpeg> open_fast() const;

  std::span<const std::byte> head_;
  std::size_t file_bytes_;
  JpegDecoder decoder_;
  Making making_;
  int eighths_;
};

}  // namespace bulkhead::imaging
