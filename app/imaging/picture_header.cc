#include "imaging/picture_header.h"

#include <new>
#include <string>
#include <utility>

#include "imaging/camera_raw.h"
#include "imaging/jpeg_decoder.h"
#include "imaging/open_raster.h"

namespace bulkhead::imaging {

namespace {

using File = std::span<const std::byte>;
using Header = Expected<PictureHeader, ImageError>;

constexpr Extent kLargest{65535, 65535};

Header header_of_jpeg(File file) {
  const auto decoder = JpegDecoder::open(file);
  if (!decoder) {
    return Unexpected(decoder.error());
  }
  return PictureHeader{.format = FileFormat::Jpeg,
                       .stored = decoder->header().size,
                       .orientation = decoder->header().orientation};
}

Header header_of_raw(File file) {
  const File preview = find_preview(file, kLargest);
  if (preview.empty()) {
    return Unexpected(ImageError{ImageFault::Unsupported, "camera raw without a preview"});
  }
  auto header = header_of_jpeg(preview);
  if (header) {
    header->format = FileFormat::Raw;
    header->orientation = header->orientation > 1 ? header->orientation : raw_orientation(file);
  }
  return header;
}

Header header_of_raster(File file, FileFormat format) {
  std::string damage;
  const auto source = open_raster({.format = format, .file = file}, damage);
  if (!source) {
    return Unexpected(source.error());
  }
  const RasterHeader& header = (*source)->header();
  return PictureHeader{
      .format = format, .stored = header.full_size, .orientation = header.orientation};
}

Header read(File file) {
  const auto format = format_of(file);
  if (!format) {
    return Unexpected(ImageError{ImageFault::NotAnImage, "not an image of a known format"});
  }
  switch (*format) {
    case FileFormat::Jpeg:
      return header_of_jpeg(without_junk(file));
    case FileFormat::Raw:
      return header_of_raw(file);
    default:
      return header_of_raster(file, *format);
  }
}

}  // namespace

Expected<PictureHeader, ImageError> read_picture_header(File file) {
  try {
    return read(file);
  } catch (const std::bad_alloc&) {
    return Unexpected(ImageError{ImageFault::OutOfMemory, "out of memory"});
  }
}

}  // namespace bulkhead::imaging
