#pragma once

#include <bulkhead/expected.h>

#include "imaging/geometry.h"
#include "imaging/image_error.h"
#include "imaging/orientation.h"
#include "imaging/picture.h"
#include "imaging/placed_plane.h"
#include "imaging/resize.h"

namespace bulkhead::imaging {

/// What is shown of a picture, and how large: both as stored, before the turn.
struct View {
  Region part{0, 0, 1, 1};  ///< As fractions of the picture's width and height.
  Extent size;
  Turn turn;  ///< Will follow; decides at which end an odd picture's last chroma sample is.
  Filter filter = Filter::Lanczos3;
  Axes axes = Axes::AtOnce;
};

/// Resizes all planes of a picture to the view's size, each from its exact extent; those of chroma
/// (all but the first) to half of it where asked for. Nothing is turned yet.
/// Errors: those of resize().
template <class Sample>
Expected<PlacedPlanes<Sample>, ImageError> shrink(const PlacedPlanes<Sample>& planes,
                                                  const View& view, Chroma chroma);

extern template Expected<PlacedPlanes<std::uint8_t>, ImageError> shrink(
    const PlacedPlanes<std::uint8_t>&, const View&, Chroma);
extern template Expected<PlacedPlanes<std::uint16_t>, ImageError> shrink(
    const PlacedPlanes<std::uint16_t>&, const View&, Chroma);

}  // namespace bulkhead::imaging
