#include "imaging/thumbnail.h"

#include <algorithm>
#include <new>
#include <numeric>
#include <optional>
#include <utility>

#include "imaging/bmp_source.h"
#include "imaging/box_shrink.h"
#include "imaging/camera_raw.h"
#include "imaging/compose.h"
#include "imaging/decoded_picture.h"
#include "imaging/file_format.h"
#include "imaging/geometry.h"
#include "imaging/jpeg_decoder.h"
#include "imaging/jpeg_encoder.h"
#include "imaging/orientation.h"
#include "imaging/profile.h"
#include "imaging/vips_module.h"

namespace bulkhead::imaging {

namespace {

using File = std::span<const std::byte>;

constexpr std::uint64_t kEighthsOfArea = 64;

/// What a JPEG decoder leaves of the wanted size on each side, in tenths. On 200 photos of
/// 500 × 375 pixels, to 128, 4/8 (1.95 times) gives luma of 53.6 dB to a full decode, as twice does
/// on other sizes; 3/8 (1.46 times) gives 47.9 dB.
constexpr int kTenthsLeftByJpegDecoder = 19;
/// What other decoders leave that shrink by themselves.
constexpr int kLeftByScalingDecoder = 2;
/// What both leave when light is to be mixed: what they mix themselves is not light.
constexpr int kLeftForLight = 4;
/// What a preview that stands for its photo has at least.
constexpr int kLeftByPreview = 2;

std::uint64_t area(Extent extent) {
  return static_cast<std::uint64_t>(extent.width) * static_cast<std::uint64_t>(extent.height);
}

ImageError too_large(Extent size, std::uint64_t limit, const std::string& after) {
  return {ImageFault::TooLarge,
          "image of " + std::to_string(size.width) + "x" + std::to_string(size.height) +
              " pixels, more than the limit of " + std::to_string(limit) + after};
}

/// The thumbnails of one photo, from its header on.
class Making {
 public:
  Making(Extent stored, int orientation, const ThumbnailOptions& options)
      : options_(options), stored_(stored) {
    result_.orientation = orientation;
    traits_.turn = turn_of(options.turning == Turning::Upright ? orientation : 1);
    result_.source = turned(stored, traits_.turn);
    for (const SizeRule& rule : options.sizes) {
      layouts_.push_back(lay_out(result_.source, rule));
    }
  }

  /// What the whole picture is resized to for the largest thumbnail; before the turn.
  Extent largest_stored() const {
    Extent largest{1, 1};
    for (const Layout& layout : layouts_) {
      const Extent whole = turned(layout.whole_size, traits_.turn);
      largest = {std::max(largest.width, whole.width), std::max(largest.height, whole.height)};
    }
    return largest;
  }

  /// Halved where luma and chroma go to a JPEG as they are: the short way.
  Chroma chroma_wanted() const {
    const bool is_luma_and_chroma =
        traits_.model == ColourModel::Grey || traits_.model == ColourModel::YCbCr;
    const bool is_short_way =
        is_luma_and_chroma && options_.mixing == Mixing::Gamma &&
        options_.encoding.format == OutputFormat::Jpeg &&
        (options_.profile == ProfileUse::Ignore ||
         !changes_colours({.model = traits_.model, .profile = traits_.profile}));
    return is_short_way ? options_.encoding.chroma : Chroma::Full;
  }

  void set_decoder(std::string name) { result_.decoder = std::move(name); }
  void set_damage(std::string damage) { result_.damage = std::move(damage); }
  DecodedTraits& traits() { return traits_; }

  /// `decoded_pixels` lie in memory at once.
  std::optional<ImageError> check_size(std::uint64_t decoded_pixels) const {
    if (area(stored_) > options_.max_pixels) {
      return too_large(stored_, options_.max_pixels, "");
    }
    if (decoded_pixels > options_.max_decoded_pixels) {
      return too_large(stored_, options_.max_decoded_pixels,
                       " that " + result_.decoder + " may decode to");
    }
    return std::nullopt;
  }

  /// Makes all thumbnails, the largest first.
  template <class Sample>
  Expected<Thumbnails, ImageError> finish(PlacedPlanes<Sample> planes) && {
    if (options_.profile == ProfileUse::Ignore) {
      traits_.profile.clear();
    }
    DecodedPicture<Sample> picture(std::move(planes), std::move(traits_));
    if (options_.mixing == Mixing::Gamma) {
      return make_all(picture);
    }
    auto linear = picture.linearised();
    if (!linear) {
      return Unexpected(std::move(linear.error()));
    }
    return make_all(*linear);
  }

 private:
  template <class Sample>
  Expected<Thumbnails, ImageError> make_all(DecodedPicture<Sample>& picture) {
    std::vector<std::size_t> order(layouts_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater(),
                             [this](std::size_t i) { return area(layouts_[i].whole_size); });
    result_.made.resize(layouts_.size());
    for (const std::size_t i : order) {
      auto bytes = make_one(picture, layouts_[i]);
      if (!bytes) {
        return Unexpected(std::move(bytes.error()));
      }
      result_.made[i] = {std::move(*bytes), layouts_[i].canvas};
    }
    return std::move(result_);
  }

  template <class Sample>
  Expected<std::vector<std::byte>, ImageError> make_one(DecodedPicture<Sample>& picture,
                                                        const Layout& layout) {
    const Encoding& encoding = options_.encoding;
    if (encoding.format == OutputFormat::Jpeg && layout.canvas == layout.size &&
        picture.is_picture_already()) {
      auto small = picture.picture(layout, encoding.chroma);
      if (!small) {
        return Unexpected(std::move(small.error()));
      }
      return encode_jpeg(std::move(*small), encoding);
    }
    auto colours = picture.colours(layout);
    if (!colours) {
      return Unexpected(std::move(colours.error()));
    }
    const AlphaUse alpha = holds_alpha(encoding.format) ? AlphaUse::Keep : AlphaUse::Flatten;
    return encode(compose(std::move(*colours), layout, options_.background, alpha), encoding);
  }

  const ThumbnailOptions& options_;
  Extent stored_;
  DecodedTraits traits_;
  std::vector<Layout> layouts_;
  Thumbnails result_;
};

/// What a file that holds a JPEG says of it, in place of the JPEG itself.
struct JpegOrigin {
  int orientation = 1;
  const char* name = "";  ///< Behind that of the decoder.
};

Expected<Thumbnails, ImageError> make_of_jpeg(File file, const JpegOrigin& origin,
                                              const ThumbnailOptions& options) {
  auto decoder = JpegDecoder::open(file);
  if (!decoder) {
    return Unexpected(std::move(decoder.error()));
  }
  const JpegHeader& header = decoder->header();
  Making making(header.size, header.orientation > 1 ? header.orientation : origin.orientation,
                options);
  making.traits().model = header.colour;
  making.traits().profile = header.profile;
  const int eighths = choose_dct_scale(
      header.size, making.largest_stored(),
      options.mixing == Mixing::Light ? 10 * kLeftForLight : kTenthsLeftByJpegDecoder);
  making.set_decoder("libjpeg " + std::to_string(eighths) + "/8" + origin.name);
  const auto scale = static_cast<std::uint64_t>(eighths);
  if (auto error = making.check_size(area(header.size) * scale * scale / kEighthsOfArea)) {
    return Unexpected(std::move(*error));
  }
  auto image = decoder->decode(eighths, making.chroma_wanted());
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

OpenedRaster open_source(const RasterRequest& request) {
  return request.format == FileFormat::Bmp ? open_bmp(request.file) : open_with_vips(request);
}

/// As open_source(), but a file of which its decoder sees from the start that it is cut is opened
/// with what is missing made up; `damage` then says so.
OpenedRaster open_raster(RasterRequest request, std::string& damage) {
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

Expected<Thumbnails, ImageError> make_of_raster(File file, FileFormat format,
                                                const ThumbnailOptions& options) {
  std::string damage;
  const auto source = open_raster({.format = format, .file = file}, damage);
  if (!source) {
    return Unexpected(source.error());
  }
  const RasterHeader& header = (*source)->header();
  Making making(header.full_size, header.orientation, options);
  making.traits().model = header.colour;
  making.traits().profile = header.profile;
  making.set_decoder(format == FileFormat::Bmp ? "bmp" : std::string("libvips ") + name_of(format));
  if (auto error = making.check_size(header.is_streamed ? 0 : area(header.full_size))) {
    return Unexpected(std::move(*error));
  }
  const Extent largest = making.largest_stored();
  const int left = options.mixing == Mixing::Light ? kLeftForLight : kLeftByScalingDecoder;
  if (auto shrunk = (*source)->shrink_to({left * largest.width, left * largest.height}); !shrunk) {
    return Unexpected(std::move(shrunk.error()));
  }
  auto raster = box_shrink(**source, choose_box(header.size, largest));
  if (!raster) {
    return Unexpected(std::move(raster.error()));
  }
  making.set_damage(damage.empty() ? std::move(raster->damage) : std::move(damage));
  making.traits().has_alpha = raster->has_alpha;
  return std::move(making).finish(std::move(raster->planes));
}

Expected<Thumbnails, ImageError> make(File file, const ThumbnailOptions& options) {
  const auto format = format_of(file);
  if (!format) {
    return Unexpected(ImageError{ImageFault::NotAnImage, "not an image of a known format"});
  }
  switch (*format) {
    case FileFormat::Jpeg:
      return make_of_jpeg(file, {}, options);
    case FileFormat::Raw:
      return make_of_raw(file, options);
    default:
      return make_of_raster(file, *format, options);
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
