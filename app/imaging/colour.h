#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "imaging/colour_model.h"
#include "imaging/picture.h"
#include "imaging/plane.h"

namespace bulkhead::imaging {

/// Red, green and blue of sRGB, 8 bits each.
using Colour = std::array<std::uint8_t, 3>;

inline constexpr Colour kWhite = {255, 255, 255};

/// Whether a picture that is transparent stays so, or is laid on a background.
enum class AlphaUse : std::uint8_t { Flatten, Keep };

/// A picture whose colours are worked on: one plane of grey or three of RGB, of 16 bits, and how
/// much each pixel covers of what is behind it (65535: all). All planes are of one extent.
struct ColourPicture {
  std::vector<WidePlane> planes;
  std::optional<WidePlane> alpha = std::nullopt;

  Extent extent() const { return planes.front().extent(); }
};

/// The samples of a plane with 16 bits: 255 becomes 65535.
WidePlane widened(const Plane& plane);

/// Turns planes of any model into grey (which stays one plane) or RGB. Ink is converted as ideal
/// ink is: red is what cyan and black let through. No colour profile is applied.
std::vector<WidePlane> to_rgb(std::vector<WidePlane> planes, ColourModel model);

/// Turns planes of an inverted model of ink into plain CMYK, where the largest value is full ink.
std::vector<WidePlane> to_ink(std::vector<WidePlane> planes, ColourModel model);

/// Divides the samples by their alpha, which they were multiplied by to be resized.
void unpremultiply(std::vector<WidePlane>& planes, const WidePlane& alpha);

/// Multiplies the samples by their alpha.
void premultiply(std::vector<WidePlane>& planes, const WidePlane& alpha);

/// Lays the picture over a background, which takes its alpha away. Grey stays grey when the
/// background is.
void flatten(ColourPicture& picture, Colour background);

/// The picture as the encoder takes it, with chroma in full or halved (4:4:4 or 4:2:0); what it
/// covers in part counts in full.
Picture to_picture(const ColourPicture& colours, Chroma chroma = Chroma::Halved);

}  // namespace bulkhead::imaging
