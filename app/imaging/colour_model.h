#pragma once

namespace bulkhead::imaging {

/// What the samples of a picture mean. The inverted kinds are those of Adobe's JPEGs: the largest
/// value is no ink. YCCK is known by Adobe's segment only, so it is always inverted.
enum class ColourModel { Grey, YCbCr, Rgb, Cmyk, InvertedCmyk, InvertedYcck };

/// Samples of one pixel, alpha not counted.
constexpr int colour_channels(ColourModel model) {
  switch (model) {
    case ColourModel::Grey:
      return 1;
    case ColourModel::YCbCr:
    case ColourModel::Rgb:
      return 3;
    case ColourModel::Cmyk:
    case ColourModel::InvertedCmyk:
    case ColourModel::InvertedYcck:
      return 4;
  }
  return 3;
}

}  // namespace bulkhead::imaging
