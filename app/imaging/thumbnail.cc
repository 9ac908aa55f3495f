#include "imaging/thumbnail.h"

#include <algorithm>
#include <new>
#include <optional>
#include <utility>

#include "imaging/box_shrink.h"
#include "imaging/camera_raw.h"
#include "imaging/file_format.h"
#include "imaging/geometry.h"
#include "imaging/jpeg_making.h"
#include "imaging/open_raster.h"

namespace bulkhead::imaging {

namespace {

using File = std::span<const std::byte>;

/// What other decoders leave that shrink by themselves.
constexpr int kLeftByScalingDecoder = 2;
/// What a preview that stands for its photo has at least.
constexpr int kLeftByPreview = 2;

/// The small picture in a JPEG, when it can stand for the photo: whole, of the same proportions
/// (some cameras put black bars around it), and no smaller than the largest thumbnail. Else
/// nothing.
std::optional<DecodedImage> decode_preview(const JpegHeader& photo, const Making& making,
                                           const ThumbnailOptions& options) {
  if (options.from != PictureSource::Preview || photo.preview.empty()) {
    return std::nullopt;
  }
  auto preview = JpegDecoder::open(photo.preview);
  if (!preview || preview->header().colour != photo.colour ||
      area(preview->header().size) > options.max_decoded_pixels ||
      !covers(preview->header().size, making.largest_stored()) ||
      !has_proportions_of(preview->header().size, photo.size)) {
    return std::nullopt;
  }
  const int eighths = scale_for(preview->header().size, making, options);
  auto image = preview->decode(eighths, making.chroma_wanted());
  if (!image || !image->damage.empty()) {
    return std::nullopt;
  }
  image->decoder += " " + std::to_string(eighths) + "/8 preview";
  return std::move(*image);
}

/// Whether a photo that is decoded in full is resized in RGB. What becomes RGB anyway has its
/// chroma enlarged before it is resized, as most programs do it; but sharpening is for luma.
bool is_decoded_as_rgb(const JpegHeader& photo, const Making& making,
                       const ThumbnailOptions& options) {
  const bool becomes_rgb = !making.is_short_way() && options.sharpen_percent == 0;
  return photo.colour == ColourModel::YCbCr && (options.colours == ResizedIn::Rgb || becomes_rgb);
}

Expected<Thumbnails, ImageError> make_of_jpeg(File file, const JpegOrigin& origin,
                                              const ThumbnailOptions& options) {
  auto decoder = JpegDecoder::open(file);
  if (!decoder) {
    return Unexpected(std::move(decoder.error()));
  }
  const JpegHeader& header = decoder->header();
  Making making = making_of_jpeg(header, origin, options);
  if (auto error = making.check_size(0)) {  // What is decoded is not known yet.
    return Unexpected(std::move(*error));
  }
  if (auto preview = decode_preview(header, making, options)) {
    making.set_decoder(std::move(preview->decoder));
    return std::move(making).finish(std::move(preview->planes));
  }
  const int eighths = scale_for(header.size, making, options);
  making.set_decoder("libjpeg " + std::to_string(eighths) + "/8" + origin.name);
  if (auto error = check_size(header, eighths, making)) {
    return Unexpected(std::move(*error));
  }
  const bool is_rgb = eighths == kWholeEighths && is_decoded_as_rgb(header, making, options);
  auto image = is_rgb ? decoder->decode_rgb() : decoder->decode(eighths, making.chroma_wanted());
  if (is_rgb) {
    making.set_model(ColourModel::Rgb);
  }
  if (!image) {
    return Unexpected(std::move(image.error()));
  }
  making.set_decoder(image->decoder + " " + std::to_string(eighths) + "/8" + origin.name);
  making.set_damage(std::move(image->damage));
  return std::move(making).finish(std::move(image->planes));
}

/// Where the largest thumbnail fits in when the photo has its proportions.
Extent largest_box(const ThumbnailOptions& options) {
  constexpr int kFree = 65535;
  Extent largest;
  for (const SizeRule& rule : options.sizes) {
    const bool is_box = rule.percent == 0 && rule.area == 0;
    const Extent box = is_box ? rule.box : Extent{kFree, kFree};
    largest = {std::max(largest.width, box.width), std::max(largest.height, box.height)};
  }
  return largest;
}

Expected<Thumbnails, ImageError> make_of_raw(File file, const ThumbnailOptions& options) {
  const Extent box = largest_box(options);
  const File preview =
      find_preview(file, {kLeftByPreview * box.width, kLeftByPreview * box.height});
  if (preview.empty()) {
    return Unexpected(ImageError{ImageFault::Unsupported, "camera raw without a preview"});
  }
  return make_of_jpeg(preview, {.orientation = raw_orientation(file), .name = " preview"}, options);
}

Expected<Thumbnails, ImageError> make_of_raster(const RasterRequest& request,
                                                const ThumbnailOptions& options) {
  const auto source = open_source(request);
  if (!source) {
    return Unexpected(source.error());
  }
  const RasterHeader& header = (*source)->header();
  Making making({.stored = header.full_size,
                 .orientation = header.orientation,
                 .colour = header.colour,
                 .profile = header.profile,
                 .has_broken_profile = header.has_broken_profile,
                 .exif = header.exif,
                 .xmp = header.xmp,
                 .iptc = header.iptc},
                options);
  making.set_decoder(header.decoder);
  const bool is_whole = options.decoding == Decoding::Full;
  if (auto error = making.check_size(header.is_streamed ? 0 : area(header.full_size))) {
    return Unexpected(std::move(*error));
  }
  const Extent largest = is_whole ? header.full_size : making.largest_stored();
  const int left = request.may_be_preview            ? 1
                   : options.mixing == Mixing::Light ? kLeftForLight
                                                     : kLeftByScalingDecoder;
  (*source)->shrink_to({left * largest.width, left * largest.height});
  if (request.may_be_preview && header.size != header.full_size) {
    making.set_decoder(header.decoder + " preview");
  }
  const Extent box = choose_box(header.size, largest);
  if (auto error = making.check_size(pixels_held(header.size, box))) {
    return Unexpected(std::move(*error));
  }
  auto raster = box_shrink(**source, box);
  if (!raster) {
    return Unexpected(std::move(raster.error()));
  }
  making.set_damage(std::move(raster->damage));
  making.set_has_alpha(raster->has_alpha);
  return std::move(making).finish(std::move(raster->planes));
}

/// As make_of_raster(), but a file that its decoder can do nothing with, as it is cut, is shown
/// with what is missing made up.
Expected<Thumbnails, ImageError> make_of_damaged_raster(RasterRequest request,
                                                        const ThumbnailOptions& options) {
  auto made = make_of_raster(request, options);
  if (made || made.error().fault != ImageFault::Damaged) {
    return made;
  }
  request.makes_up_rest = true;
  auto made_up = make_of_raster(request, options);
  if (!made_up) {
    return made;
  }
  if (made_up->damage.empty()) {
    made_up->damage = std::move(made.error().message);
  }
  return made_up;
}

Expected<Thumbnails, ImageError> make(File file, const ThumbnailOptions& options) {
  const auto format = format_of(file);
  if (!format) {
    return Unexpected(ImageError{ImageFault::NotAnImage, "not an image of a known format"});
  }
  switch (*format) {
    case FileFormat::Jpeg:
      return make_of_jpeg(without_junk(file), {}, options);
    case FileFormat::Raw:
      return make_of_raw(file, options);
    default:
      return make_of_damaged_raster(
          {.format = *format,
           .file = file,
           .may_be_preview = options.from == PictureSource::Preview && *format == FileFormat::Heif},
          options);
  }
}

}  // namespace

Expected<Thumbnails, ImageError> make_thumbnails(File file, const ThumbnailOptions& options) {
  try {
    return make(file, options);
  } catch (const std::bad_alloc&) {
    return Unexpected(ImageError{ImageFault::OutOfMemory, "out of memory"});
  }
}

}  // namespace bulkhead::imaging
