#include "imaging/thumbnail.h"

#include <new>
#include <optional>
#include <utility>

#include "imaging/bmp_source.h"
#include "imaging/box_shrink.h"
#include "imaging/file_format.h"
#include "imaging/geometry.h"
#include "imaging/jpeg_decoder.h"
#include "imaging/jpeg_encoder.h"
#include "imaging/orientation.h"
#include "imaging/shrink.h"
#include "imaging/vips_module.h"

namespace bulkhead::imaging {

namespace {

using File = std::span<const std::byte>;

constexpr std::uint64_t kEighthsOfArea = 64;

/// A decoder that shrinks by itself leaves so much of the wanted size on each side.
constexpr int kLeftByDecoder = 4;

std::uint64_t area(Extent extent) {
  return static_cast<std::uint64_t>(extent.width) * static_cast<std::uint64_t>(extent.height);
}

ImageError too_large(Extent size, std::uint64_t limit, const std::string& after) {
  return {ImageFault::TooLarge,
          "image of " + std::to_string(size.width) + "x" + std::to_string(size.height) +
              " pixels, more than the limit of " + std::to_string(limit) + after};
}

/// `decoded_pixels` lie in memory at once.
std::optional<ImageError> check_size(Extent source, std::uint64_t decoded_pixels,
                                     const std::string& decoder, const ThumbnailOptions& options) {
  if (area(source) > options.max_pixels) {
    return too_large(source, options.max_pixels, "");
  }
  if (decoded_pixels > options.max_decoded_pixels) {
    return too_large(source, options.max_decoded_pixels, " that " + decoder + " may decode to");
  }
  return std::nullopt;
}

/// A thumbnail whose size is planned, and its picture.
struct Planned {
  Thumbnail thumbnail;
  Turn turn;
  Extent stored_size;  ///< Of the thumbnail, before the turn.

  Planned(Extent stored, int orientation, const ThumbnailOptions& options)
      : turn(turn_of(orientation)) {
    thumbnail.source = turned(stored, turn);
    thumbnail.orientation = orientation;
    thumbnail.size = fit_inside(thumbnail.source, options.box);
    stored_size = turned(thumbnail.size, turn);
  }

  Expected<Thumbnail, ImageError> encoded(Picture picture, const ThumbnailOptions& options) && {
    auto jpeg = encode_jpeg(std::move(picture), options.quality);
    if (!jpeg) {
      return Unexpected(std::move(jpeg.error()));
    }
    thumbnail.jpeg = std::move(*jpeg);
    return std::move(thumbnail);
  }
};

Expected<Picture, ImageError> shrink(const DecodedImage& image, ColourModel model,
                                     const Planned& planned) {
  if (model == ColourModel::Grey || model == ColourModel::YCbCr) {
    return shrink_to_picture(image, planned.stored_size, planned.turn);
  }
  const auto colours = shrink_to_colours(image, model, planned.stored_size, planned.turn);
  if (!colours) {
    return Unexpected(colours.error());
  }
  return to_picture(*colours);
}

Expected<Thumbnail, ImageError> make_of_jpeg(File file, const ThumbnailOptions& options) {
  auto decoder = JpegDecoder::open(file);
  if (!decoder) {
    return Unexpected(std::move(decoder.error()));
  }
  const JpegHeader header = decoder->header();
  Planned planned(header.size, header.orientation, options);
  const int eighths = choose_dct_scale(header.size, turned(options.box, planned.turn));
  const auto scale = static_cast<std::uint64_t>(eighths);
  planned.thumbnail.decoder = "libjpeg " + std::to_string(eighths) + "/8";
  if (auto error = check_size(header.size, area(header.size) * scale * scale / kEighthsOfArea,
                              planned.thumbnail.decoder, options)) {
    return Unexpected(std::move(*error));
  }
  auto image = decoder->decode(eighths);
  if (!image) {
    return Unexpected(std::move(image.error()));
  }
  planned.thumbnail.damage = std::move(image->damage);
  auto picture = shrink(*image, header.colour, planned);
  if (!picture) {
    return Unexpected(std::move(picture.error()));
  }
  return std::move(planned).encoded(std::move(*picture), options);
}

OpenedRaster open_source(const RasterRequest& request) {
  return request.format == FileFormat::Bmp ? open_bmp(request.file) : open_with_vips(request);
}

/// As open_source(), but a file of which its decoder sees from the start that it is cut is opened
/// with what is missing made up; `damage` then says so.
OpenedRaster open_raster(RasterRequest& request, std::string& damage) {
  auto source = open_source(request);
  if (source || source.error().fault != ImageFault::Damaged) {
    return source;
  }
  request.makes_up_rest = true;
  auto made_up = open_source(request);
  if (!made_up) {
    return source;
  }
  damage = std::move(source.error().message);
  return made_up;
}

Expected<Thumbnail, ImageError> make_of_raster(File file, FileFormat format,
                                               const ThumbnailOptions& options) {
  RasterRequest request{.format = format, .file = file};
  std::string damage;
  auto source = open_raster(request, damage);
  if (!source) {
    return Unexpected(std::move(source.error()));
  }
  const RasterHeader& header = (*source)->header();
  Planned planned(header.full_size, header.orientation, options);
  planned.thumbnail.decoder =
      format == FileFormat::Bmp ? "bmp" : std::string("libvips ") + name_of(format);
  const std::uint64_t decoded = header.is_streamed ? 0 : area(header.full_size);
  if (auto error = check_size(header.full_size, decoded, planned.thumbnail.decoder, options)) {
    return Unexpected(std::move(*error));
  }
  const Extent least{kLeftByDecoder * planned.stored_size.width,
                     kLeftByDecoder * planned.stored_size.height};
  if (auto shrunk = (*source)->shrink_to(least); !shrunk) {
    return Unexpected(std::move(shrunk.error()));
  }
  auto raster = box_shrink(**source, choose_box(header.size, planned.stored_size));
  if (!raster) {
    return Unexpected(std::move(raster.error()));
  }
  planned.thumbnail.damage = damage.empty() ? std::move(raster->damage) : std::move(damage);
  auto colours = shrink_to_colours(*raster, header.colour, planned.stored_size, planned.turn);
  if (!colours) {
    return Unexpected(std::move(colours.error()));
  }
  flatten(*colours, kWhite);
  return std::move(planned).encoded(to_picture(*colours), options);
}

Expected<Thumbnail, ImageError> make(File file, const ThumbnailOptions& options) {
  const auto format = format_of(file);
  if (!format) {
    return Unexpected(ImageError{ImageFault::NotAnImage, "not an image of a known format"});
  }
  return *format == FileFormat::Jpeg ? make_of_jpeg(file, options)
                                     : make_of_raster(file, *format, options);
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
