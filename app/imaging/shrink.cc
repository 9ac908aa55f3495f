#include "imaging/shrink.h"

#include <utility>

#include "imaging/resize.h"

namespace bulkhead::imaging {

namespace {

template <class Sample>
Region shown_region(const PlacedPlane<Sample>& plane, const Region& part) {
  return {plane.left + part.left * plane.width, plane.top + part.top * plane.height,
          part.width * plane.width, part.height * plane.height};
}

/// Where the picture begins in a halved plane: an odd one that is to be flipped lies at its end.
double start_of_half(int side, bool is_flipped) {
  return is_flipped && side % 2 == 1 ? 0.5 : 0;
}

template <class Sample>
Expected<PlacedPlane<Sample>, ImageError> shrink_plane(const PlacedPlane<Sample>& plane,
                                                       const View& view, bool is_halved) {
  const Region shown = shown_region(plane, view.part);
  auto small = is_halved ? resize(plane.samples, chroma_region(shown, view.size, view.turn),
                                  chroma_extent(view.size), view.filter, view.axes)
                         : resize(plane.samples, shown, view.size, view.filter, view.axes);
  if (!small) {
    return Unexpected(std::move(small.error()));
  }
  if (!is_halved) {
    return PlacedPlane<Sample>{std::move(*small), double(view.size.width),
                               double(view.size.height)};
  }
  return PlacedPlane<Sample>{.samples = std::move(*small),
                             .width = view.size.width / 2.0,
                             .height = view.size.height / 2.0,
                             .left = start_of_half(view.size.width, view.turn.flip_x),
                             .top = start_of_half(view.size.height, view.turn.flip_y)};
}

}  // namespace

template <class Sample>
Expected<PlacedPlanes<Sample>, ImageError> shrink(const PlacedPlanes<Sample>& planes,
                                                  const View& view, Chroma chroma) {
  PlacedPlanes<Sample> all;
  for (const auto& plane : planes) {
    auto small = shrink_plane(plane, view, chroma == Chroma::Halved && !all.empty());
    if (!small) {
      return Unexpected(std::move(small.error()));
    }
    all.push_back(std::move(*small));
  }
  return all;
}

template Expected<PlacedPlanes<std::uint8_t>, ImageError> shrink(const PlacedPlanes<std::uint8_t>&,
                                                                 const View&, Chroma);
template Expected<PlacedPlanes<std::uint16_t>, ImageError> shrink(
    const PlacedPlanes<std::uint16_t>&, const View&, Chroma);

}  // namespace bulkhead::imaging
