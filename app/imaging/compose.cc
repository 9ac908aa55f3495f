#include "imaging/compose.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace bulkhead::imaging {

namespace {

WidePlane placed(const WidePlane& plane, const Layout& layout, std::uint16_t around) {
  WidePlane canvas(layout.canvas);
  for (int y = 0; y < canvas.height(); ++y) {
    std::fill_n(canvas.row(y), canvas.width(), around);
  }
  for (int y = 0; y < plane.height(); ++y) {
    std::copy_n(plane.row(y), plane.width(),
                canvas.row(y + layout.offset.height) + layout.offset.width);
  }
  return canvas;
}

WidePlane opaque(Extent extent) {
  return placed(WidePlane(Extent{0, 0}), {.canvas = extent}, UINT16_MAX);
}

}  // namespace

ColourPicture compose(ColourPicture picture, const Layout& layout, Colour background,
                      AlphaUse alpha) {
  if (layout.canvas != layout.size) {
    if (!picture.alpha) {
      picture.alpha = opaque(picture.extent());
    }
    for (WidePlane& plane : picture.planes) {
      plane = placed(plane, layout, 0);
    }
    picture.alpha = placed(*picture.alpha, layout, 0);
  }
  if (alpha == AlphaUse::Flatten) {
    flatten(picture, background);
  }
  return picture;
}

}  // namespace bulkhead::imaging
