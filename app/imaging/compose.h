#pragma once

#include "imaging/colour.h"
#include "imaging/layout.h"

namespace bulkhead::imaging {

/// Puts a picture of the layout's size on its canvas. Where alpha is kept, the rest of the canvas
/// is transparent; otherwise the picture is laid on the background, and so is the rest.
ColourPicture compose(ColourPicture picture, const Layout& layout, Colour background,
                      AlphaUse alpha);

}  // namespace bulkhead::imaging
