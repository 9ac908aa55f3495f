#include "imaging/thumbnail.h"

#include <new>
#include <optional>
#include <utility>

#include "imaging/geometry.h"
#include "imaging/jpeg_decoder.h"
#include "imaging/jpeg_encoder.h"
#include "imaging/orientation.h"
#include "imaging/shrink.h"

namespace bulkhead::imaging {

namespace {

constexpr std::uint64_t kEighthsOfArea = 64;

std::uint64_t area(Extent extent) {
  return static_cast<std::uint64_t>(extent.width) * static_cast<std::uint64_t>(extent.height);
}

std::optional<ImageError> check_size(Extent source, int eighths, const ThumbnailOptions& options) {
  const std::string size = std::to_string(source.width) + "x" + std::to_string(source.height);
  if (area(source) > options.max_pixels) {
    return ImageError{ImageFault::TooLarge, "image of " + size +
                                                " pixels, more than the limit of " +
                                                std::to_string(options.max_pixels)};
  }
  const auto scale = static_cast<std::uint64_t>(eighths);
  if (area(source) * scale * scale / kEighthsOfArea > options.max_decoded_pixels) {
    return ImageError{ImageFault::TooLarge,
                      "image of " + size + " pixels has more than the limit of " +
                          std::to_string(options.max_decoded_pixels) + " after decoding at " +
                          std::to_string(eighths) + "/8"};
  }
  return std::nullopt;
}

Expected<Thumbnail, ImageError> make(std::span<const std::byte> file,
                                     const ThumbnailOptions& options) {
  auto decoder = JpegDecoder::open(file);
  if (!decoder) {
    return Unexpected(std::move(decoder.error()));
  }
  const JpegHeader header = decoder->header();
  const Turn turn = turn_of(header.orientation);
  Thumbnail thumbnail;
  thumbnail.source = turned(header.size, turn);
  thumbnail.orientation = header.orientation;
  thumbnail.size = fit_inside(thumbnail.source, options.box);
  thumbnail.dct_scale = choose_dct_scale(header.size, turned(options.box, turn));
  if (auto error = check_size(header.size, thumbnail.dct_scale, options)) {
    return Unexpected(std::move(*error));
  }
  auto image = decoder->decode(thumbnail.dct_scale);
  if (!image) {
    return Unexpected(std::move(image.error()));
  }
  thumbnail.damage = std::move(image->damage);
  auto picture = shrink(*image, header.colour, turned(thumbnail.size, turn), turn);
  if (!picture) {
    return Unexpected(std::move(picture.error()));
  }
  auto jpeg = encode_jpeg(std::move(*picture), options.quality);
  if (!jpeg) {
    return Unexpected(std::move(jpeg.error()));
  }
  thumbnail.jpeg = std::move(*jpeg);
  return thumbnail;
}

}  // namespace

Expected<Thumbnail, ImageError> make_thumbnail(std::span<const std::byte> file,
                                               const ThumbnailOptions& options) {
  try {
    return make(file, options);
  } catch (const std::bad_alloc&) {
    return Unexpected(ImageError{ImageFault::OutOfMemory, "out of memory"});
  }
}

}  // namespace bulkhead::imaging
