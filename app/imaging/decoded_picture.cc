#include "imaging/decoded_picture.h"

#include <algorithm>
#include <iterator>
#include <type_traits>
#include <utility>

#include "imaging/light.h"
#include "imaging/resize.h"
#include "imaging/sharpen.h"

namespace bulkhead::imaging {

namespace {

constexpr Region kWhole{0, 0, 1, 1};
constexpr int kLeftForResizer = 2;

WidePlane in_16_bits(const Plane& plane) {
  return widened(plane);
}

WidePlane in_16_bits(const WidePlane& plane) {
  return plane;
}

/// The planes without what places them, turned, and the alpha among them on its own.
template <class Sample>
ColourPicture taken_apart(const PlacedPlanes<Sample>& planes, const DecodedTraits& traits,
                          Turn turn) {
  ColourPicture picture;
  for (const auto& plane : planes) {
    picture.planes.push_back(in_16_bits(turned(plane.samples, turn)));
  }
  if (traits.is_linear) {
    remove_headroom(picture.planes);
  }
  if (traits.has_alpha) {
    picture.alpha = std::move(picture.planes.back());
    picture.planes.pop_back();
    unpremultiply(picture.planes, *picture.alpha);
  }
  return picture;
}

/// The planes on the grid of the first one: chroma is enlarged where it is smaller.
template <class Sample>
Expected<PlacedPlanes<Sample>, ImageError> on_one_grid(const PlacedPlanes<Sample>& planes) {
  const PlacedPlane<Sample>& luma = planes.front();
  PlacedPlanes<Sample> all;
  for (const auto& plane : planes) {
    if (plane.samples.extent() == luma.samples.extent()) {
      all.push_back(plane);
      continue;
    }
    const double x = plane.width / luma.width;
    const double y = plane.height / luma.height;
    auto large =
        resize(plane.samples,
               Region{plane.left, plane.top, luma.samples.width() * x, luma.samples.height() * y},
               luma.samples.extent());
    if (!large) {
      return Unexpected(std::move(large.error()));
    }
    all.push_back({std::move(*large), luma.width, luma.height});
  }
  return all;
}

}  // namespace

template <class Sample>
bool DecodedPicture<Sample>::is_picture_already() const {
  const bool is_luma_and_chroma =
      traits_.model == ColourModel::Grey || traits_.model == ColourModel::YCbCr;
  return std::is_same_v<Sample, std::uint8_t> && is_luma_and_chroma && !traits_.is_linear &&
         !traits_.has_alpha && !changes_colours(traits_.space());
}

template <class Sample>
View DecodedPicture<Sample>::view_of(const Layout& layout) const {
  // The part is named as it is shown; the turn back is: transposed first, then flipped.
  Region part = layout.part;
  if (traits_.turn.transpose) {
    part = {part.top, part.left, part.height, part.width};
  }
  if (traits_.turn.flip_x) {
    part.left = 1 - part.left - part.width;
  }
  if (traits_.turn.flip_y) {
    part.top = 1 - part.top - part.height;
  }
  return {part, turned(layout.size, traits_.turn), traits_.turn, traits_.filter, traits_.axes};
}

template <class Sample>
Expected<PlacedPlanes<Sample>, ImageError> DecodedPicture<Sample>::small(const Layout& layout,
                                                                         Chroma chroma) {
  const View view = view_of(layout);
  const Extent whole_size = turned(layout.whole_size, traits_.turn);
  const bool suffices = !last_whole_.empty() &&
                        last_whole_.front().width >= kLeftForResizer * whole_size.width &&
                        last_whole_.front().height >= kLeftForResizer * whole_size.height;
  auto small = shrink(suffices ? last_whole_ : planes_, view, chroma);
  if (small && view.part == kWhole) {
    last_whole_ = *small;
  }
  if (small && traits_.sharpen_percent != 0) {
    sharpen_detail(*small);
  }
  return small;
}

/// Of what the eye sees sharply: not chroma, nor how transparent it is.
template <class Sample>
void DecodedPicture<Sample>::sharpen_detail(PlacedPlanes<Sample>& planes) const {
  const bool is_luma_first =
      traits_.model == ColourModel::YCbCr || traits_.model == ColourModel::InvertedYcck;
  const std::size_t colours = planes.size() - (traits_.has_alpha ? 1 : 0);
  for (std::size_t i = 0; i < (is_luma_first ? 1 : colours); ++i) {
    sharpen(planes[i].samples, traits_.sharpen_percent);
  }
}

template <class Sample>
Expected<Picture, ImageError> DecodedPicture<Sample>::picture(const Layout& layout, Chroma chroma) {
  Picture picture;
  if constexpr (std::is_same_v<Sample, std::uint8_t>) {
    auto planes = small(layout, chroma);
    if (!planes) {
      return Unexpected(std::move(planes.error()));
    }
    for (const auto& plane : *planes) {
      picture.planes.push_back(turned(plane.samples, traits_.turn));
    }
  }
  return picture;
}

template <class Sample>
Expected<ColourPicture, ImageError> DecodedPicture<Sample>::colours(const Layout& layout) {
  const auto planes = small(layout, Chroma::Full);
  if (!planes) {
    return Unexpected(planes.error());
  }
  ColourPicture picture = taken_apart(*planes, traits_, traits_.turn);
  if (traits_.is_linear) {
    from_light(picture.planes);
  } else {
    picture.planes = in_target_colours(std::move(picture.planes), traits_.space());
  }
  return picture;
}

template <class Sample>
Expected<DecodedPicture<std::uint16_t>, ImageError> DecodedPicture<Sample>::linearised() const {
  const auto aligned = on_one_grid(planes_);
  if (!aligned) {
    return Unexpected(aligned.error());
  }
  ColourPicture picture = taken_apart(*aligned, traits_, {});
  picture.planes = in_target_colours(std::move(picture.planes), traits_.space());
  to_light(picture.planes);
  if (picture.alpha) {
    premultiply(picture.planes, *picture.alpha);
    picture.planes.push_back(*std::move(picture.alpha));
  }
  add_headroom(picture.planes);
  DecodedTraits traits = traits_;
  traits.is_linear = true;
  traits.model = picture.planes.size() > 2 ? ColourModel::Rgb : ColourModel::Grey;
  PlacedPlanes<std::uint16_t> placed;
  for (WidePlane& plane : picture.planes) {
    placed.push_back({std::move(plane), planes_.front().width, planes_.front().height});
  }
  return DecodedPicture<std::uint16_t>(std::move(placed), std::move(traits));
}

template class DecodedPicture<std::uint8_t>;
template class DecodedPicture<std::uint16_t>;

}  // namespace bulkhead::imaging
