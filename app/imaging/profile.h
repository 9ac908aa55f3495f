#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "imaging/colour_model.h"
#include "imaging/plane.h"

namespace bulkhead::imaging {

/// What the samples of a picture mean: their model, and the ICC profile that came with them.
struct ColourSpace {
  ColourModel model = ColourModel::Rgb;
  std::span<const std::byte> profile = {};  ///< Empty: none, the samples are taken for sRGB.
};

/// Whether the profile makes a difference: not when there is none, when it says sRGB in one of its
/// many forms, and when it is broken or meant for another number of channels. Keeps what it found
/// out about the profiles last used, for each thread: cameras repeat them.
bool changes_colours(const ColourSpace& space);

/// Turns planes into sRGB: one of grey or three of RGB. A profile that makes no difference is left
/// out, and the model alone converted as to_rgb() does.
std::vector<WidePlane> to_srgb(std::vector<WidePlane> planes, const ColourSpace& space);

}  // namespace bulkhead::imaging
