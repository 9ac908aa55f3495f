#pragma once

namespace bulkhead::imaging {

/// What the samples of a picture mean. The inverted kinds are those of Adobe's JPEGs: the largest
/// value is no ink. YCCK is known by Adobe's segment only, so it is always inverted.
enum class ColourModel { Grey, YCbCr, Rgb, Cmyk, InvertedCmyk, InvertedYcck };

}  // namespace bulkhead::imaging
