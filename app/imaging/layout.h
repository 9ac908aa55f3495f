#pragma once

#include <cstdint>

#include "imaging/extent.h"
#include "imaging/geometry.h"

namespace bulkhead::imaging {

/// How a picture and its box come together.
enum class Fit : std::uint8_t {
  Inside,   ///< As large as fits into the box, proportions kept.
  Cover,    ///< Fills the box, proportions kept; what stands over is cut off.
  Contain,  ///< Inside, and the rest of the box filled with the background.
  Fill,     ///< Exactly the box; proportions are not kept.
  Outside,  ///< As small as covers the box, proportions kept; nothing is cut off.
};

/// Which pictures change their size at all.
enum class Scaling : std::uint8_t { OnlyDown, OnlyUp, Both };

/// What decides about the part that is kept where something is cut off: the gravity, where most
/// colours, edges and skin are (the attention of a viewer), or where most detail is.
enum class Interest : std::uint8_t { Gravity, Attention, Entropy };

/// The place that is kept, or taken, where there is more than needed: 0 is left or top, 1 right or
/// bottom.
struct Gravity {
  double x = 0.5;
  double y = 0.5;
};

/// The size that a thumbnail shall have, as its user says it.
struct SizeRule {
  Extent box{128, 128};   ///< A side of 0 is free.
  double percent = 0;     ///< Not 0: this part of the picture's own size, in place of a box.
  std::int64_t area = 0;  ///< Not 0: so many pixels, in place of a box.
  Fit fit = Fit::Inside;
  Scaling scaling = Scaling::OnlyDown;
  Gravity gravity = {};
  Interest interest = Interest::Gravity;
  /// Not 0, with Cover: the whole picture covers this larger box too, and the box is cut out of it
  /// at whole pixels, as data sets are prepared for learning.
  Extent margin_box = {0, 0};
};

/// How one picture becomes one thumbnail; everything upright.
struct Layout {
  Region part = {};        ///< Of the picture: what is shown, as fractions of its width and height.
  Extent size = {};        ///< Of that part in the thumbnail.
  Extent canvas = {};      ///< The thumbnail: larger than `size` with a background around it.
  Extent offset = {};      ///< Of the part in the canvas.
  Extent whole_size = {};  ///< What the whole picture would have at this scale.
};

/// The layout for a picture of the extent, at least 1 × 1. No side is below 1 or above 65535. Where
/// a side of the box is free, all fits are Inside; a box without any side leaves the size as it is.
Layout lay_out(Extent picture, const SizeRule& rule);

}  // namespace bulkhead::imaging
