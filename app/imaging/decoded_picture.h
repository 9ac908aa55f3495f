#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <bulkhead/expected.h>

#include "imaging/colour.h"
#include "imaging/image_error.h"
#include "imaging/layout.h"
#include "imaging/orientation.h"
#include "imaging/picture.h"
#include "imaging/placed_plane.h"
#include "imaging/profile.h"
#include "imaging/shrink.h"

namespace bulkhead::imaging {

/// What the planes of a decoded picture are.
struct DecodedTraits {
  ColourModel model = ColourModel::Rgb;
  std::vector<std::byte> profile = {};  ///< ICC, to be converted from; empty: sRGB.
  bool has_alpha = false;               ///< The last plane, which the others are multiplied by.
  bool is_linear = false;               ///< Values are amounts of light, with headroom (light.h).
  Turn turn = {};                       ///< To show it upright.
  Filter filter = Filter::Lanczos3;     ///< To make it smaller.
  Axes axes = Axes::AtOnce;
  int sharpen_percent = 0;             ///< When it is small.
  std::vector<std::byte> target = {};  ///< ICC, to be converted to; empty: sRGB.

  ColourSpace space() const { return {model, profile, target}; }
};

/// A picture in memory, as its file stores it, from which thumbnails of several sizes are made. Ask
/// for the large ones first: a small one is made of a larger one where that is at least twice as
/// large, which costs less and looks the same.
template <class Sample>
class DecodedPicture {
 public:
  DecodedPicture(PlacedPlanes<Sample> planes, DecodedTraits traits)
      : planes_(std::move(planes)), traits_(std::move(traits)) {}

  /// Whether its planes can go to a JPEG as they are, luma and chroma: the short way.
  bool is_picture_already() const;

  /// The thumbnail, the short way. Errors: those of resize().
  Expected<Picture, ImageError> picture(const Layout& layout, Chroma chroma);

  /// The thumbnail in the colours of the target. Errors: those of resize().
  Expected<ColourPicture, ImageError> colours(const Layout& layout);

  /// The same picture with values that are amounts of light. Errors: those of resize().
  Expected<DecodedPicture<std::uint16_t>, ImageError> linearised() const;

 private:
  Expected<PlacedPlanes<Sample>, ImageError> small(const Layout& layout, Chroma chroma);
  View view_of(const Layout& layout) const;
  void sharpen_detail(PlacedPlanes<Sample>& planes) const;

  PlacedPlanes<Sample> planes_;
  DecodedTraits traits_;
  PlacedPlanes<Sample> last_whole_;  // the thumbnail last made that shows all of it
};

extern template class DecodedPicture<std::uint8_t>;
extern template class DecodedPicture<std::uint16_t>;

}  // namespace bulkhead::imaging
