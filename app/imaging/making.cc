#include "imaging/making.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "imaging/compose.h"
#include "imaging/kept_exif.h"
#include "imaging/kept_xmp.h"
#include "imaging/profile.h"
#include "imaging/vips_module.h"

namespace bulkhead::imaging {

namespace {

ImageError too_large(Extent size, std::uint64_t limit, const std::string& after) {
  return {ImageFault::TooLarge,
          "image of " + std::to_string(size.width) + "x" + std::to_string(size.height) +
              " pixels, more than the limit of " + std::to_string(limit) + after};
}

std::string thumbnail_of(Extent size) {
  return "a thumbnail of " + std::to_string(size.width) + "x" + std::to_string(size.height) +
         " pixels";
}

}  // namespace

Making::Making(const PhotoHeader& header, const ThumbnailOptions& options)
    : options_(options), header_(header) {
  result_.orientation = header.orientation;
  traits_.model = header.colour;
  traits_.filter = options.filter;
  traits_.axes = options.colours == ResizedIn::Rgb ? Axes::OneByOne : Axes::AtOnce;
  traits_.sharpen_percent = options.sharpen_percent;
  traits_.turn = turn_of(options.turning == Turning::Upright ? header.orientation : 1);
  result_.source = turned(header.stored, traits_.turn);
  for (const SizeRule& rule : options.sizes) {
    layouts_.push_back(lay_out(result_.source, rule));
  }
  choose_colours();
}

/// What the colours are converted from and to, and what the thumbnails say of them.
void Making::choose_colours() {
  background_ = options_.background;
  if (options_.profile == ProfileUse::Ignore) {
    const bool has_profile = header_.has_broken_profile || !header_.profile.empty();
    result_.profile = has_profile ? ProfileFate::Ignored : ProfileFate::Absent;
    return;
  }
  const ColourSpace space{.model = header_.colour, .profile = header_.profile};
  const ProfileState state =
      header_.has_broken_profile ? ProfileState::Broken : state_of_profile(space);
  const bool is_ink = colour_channels(header_.colour) > 3;
  const bool is_kept = options_.profile == ProfileUse::Keep && !is_ink;
  if (options_.profile == ProfileUse::Convert) {
    traits_.target = options_.target_profile;
    output_profile_ = options_.target_profile;
  }
  const bool is_usable = state == ProfileState::Usable;
  if (is_usable && is_kept) {
    output_profile_.assign(header_.profile.begin(), header_.profile.end());
  } else if (is_usable) {
    traits_.profile.assign(header_.profile.begin(), header_.profile.end());
  }
  background_ = in_target_colours(options_.background, traits_.target);
  result_.profile = fate_of(state, is_usable, is_kept);
}

ProfileFate Making::fate_of(ProfileState state, bool is_usable, bool is_kept) const {
  if (state == ProfileState::Absent || state == ProfileState::Broken) {
    return state == ProfileState::Absent ? ProfileFate::Absent : ProfileFate::Broken;
  }
  if (!is_usable) {
    return ProfileFate::Ignored;
  }
  return is_kept                            ? ProfileFate::Kept
         : changes_colours(traits_.space()) ? ProfileFate::Converted
                                            : ProfileFate::Same;
}

std::vector<std::byte> Making::exif_for(Extent extent) const {
  const int left_to_turn = options_.turning == Turning::AsStored ? header_.orientation : 1;
  switch (options_.kept.exif) {
    case KeptExif::None:
      return {};
    case KeptExif::Author:
      return exif_of_author(header_.exif);
    case KeptExif::All:
      return exif_of_thumbnail(header_.exif, extent, left_to_turn);
  }
  return {};
}

Metadata Making::metadata_for(Extent extent) const {
  Metadata metadata{.profile = output_profile_, .exif = exif_for(extent)};
  if (options_.kept.xmp) {
    metadata.xmp = xmp_of_thumbnail(header_.xmp);
  }
  if (options_.kept.iptc) {
    metadata.iptc.assign(header_.iptc.begin(), header_.iptc.end());
  }
  return metadata;
}

Extent Making::largest_stored() const {
  Extent largest{1, 1};
  for (const Layout& layout : layouts_) {
    const Extent whole = turned(layout.whole_size, traits_.turn);
    largest = {std::max(largest.width, whole.width), std::max(largest.height, whole.height)};
  }
  return largest;
}

bool Making::is_short_way() const {
  const bool is_luma_and_chroma =
      traits_.model == ColourModel::Grey || traits_.model == ColourModel::YCbCr;
  return is_luma_and_chroma && options_.mixing == Mixing::Gamma &&
         options_.encoding.format == OutputFormat::Jpeg && !changes_colours(traits_.space());
}

std::optional<ImageError> Making::check_size(std::uint64_t decoded_pixels) const {
  if (area(header_.stored) > options_.max_pixels) {
    return too_large(header_.stored, options_.max_pixels, "");
  }
  if (decoded_pixels > options_.max_decoded_pixels) {
    return too_large(header_.stored, options_.max_decoded_pixels,
                     " that " + result_.decoder + " may decode to");
  }
  for (const Layout& layout : layouts_) {
    if (auto error = check_output(layout.canvas)) {
      return error;
    }
  }
  return std::nullopt;
}

std::optional<ImageError> Making::check_output(Extent size) const {
  const OutputFormat format = options_.encoding.format;
  if (std::max(size.width, size.height) > max_side(format)) {
    return ImageError{ImageFault::TooLarge, thumbnail_of(size) + ", and " + name_of(format) +
                                                " has at most " + std::to_string(max_side(format)) +
                                                " a side"};
  }
  if (area(size) > options_.max_output_pixels) {
    return ImageError{ImageFault::TooLarge, thumbnail_of(size) + ", more than the limit of " +
                                                std::to_string(options_.max_output_pixels)};
  }
  return std::nullopt;
}

template <class Sample>
Expected<Thumbnails, ImageError> Making::finish(PlacedPlanes<Sample> planes) && {
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

template <class Sample>
Expected<Thumbnails, ImageError> Making::make_all(DecodedPicture<Sample>& picture) {
  std::vector<std::size_t> order(layouts_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater(),
                           [this](std::size_t i) { return area(layouts_[i].whole_size); });
  result_.made.resize(layouts_.size());
  for (const std::size_t i : order) {
    if (auto placed = place_by_interest(picture, i); !placed) {
      return Unexpected(std::move(placed.error()));
    }
    auto bytes = make_one(picture, layouts_[i]);
    if (!bytes) {
      return Unexpected(std::move(bytes.error()));
    }
    result_.made[i] = {std::move(*bytes), layouts_[i].canvas};
  }
  return std::move(result_);
}

/// Moves the part that is shown to where most is to see, when something is cut off.
template <class Sample>
Expected<void, ImageError> Making::place_by_interest(DecodedPicture<Sample>& picture,
                                                     std::size_t index) {
  Layout& layout = layouts_[index];
  Region& part = layout.part;
  if (options_.sizes[index].interest == Interest::Gravity ||
      (part.width >= 1 && part.height >= 1)) {
    return {};
  }
  auto whole = picture.colours({.part = {0, 0, 1, 1},
                                .size = layout.whole_size,
                                .canvas = layout.whole_size,
                                .whole_size = layout.whole_size});
  if (!whole) {
    return Unexpected(std::move(whole.error()));
  }
  flatten(*whole, background_);
  const auto corner = crop_with_vips({.interest = options_.sizes[index].interest,
                                      .wanted = layout.size,
                                      .size = layout.whole_size,
                                      .channels = static_cast<int>(whole->planes.size()),
                                      .samples = interleaved(*whole)});
  if (!corner) {
    return Unexpected(corner.error());
  }
  part.left = std::min(double(corner->width) / layout.whole_size.width, 1 - part.width);
  part.top = std::min(double(corner->height) / layout.whole_size.height, 1 - part.height);
  return {};
}

template <class Sample>
Expected<std::vector<std::byte>, ImageError> Making::make_one(DecodedPicture<Sample>& picture,
                                                              const Layout& layout) {
  const Encoding& encoding = options_.encoding;
  if (encoding.format == OutputFormat::Jpeg && layout.canvas == layout.size &&
      picture.is_picture_already()) {
    auto small = picture.picture(layout, encoding.chroma);
    if (!small) {
      return Unexpected(std::move(small.error()));
    }
    return encode(std::move(*small), encoding, metadata_for(layout.canvas));
  }
  auto colours = picture.colours(layout);
  if (!colours) {
    return Unexpected(std::move(colours.error()));
  }
  const AlphaUse alpha = holds_alpha(encoding.format) ? options_.alpha : AlphaUse::Flatten;
  return encode(compose(std::move(*colours), layout, background_, alpha), encoding,
                metadata_for(layout.canvas));
}

template Expected<Thumbnails, ImageError> Making::finish(PlacedPlanes<std::uint8_t>) &&;
template Expected<Thumbnails, ImageError> Making::finish(PlacedPlanes<std::uint16_t>) &&;

}  // namespace bulkhead::imaging
