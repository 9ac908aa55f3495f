#include "imaging/colour.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <utility>

namespace bulkhead::imaging {

namespace {

constexpr int kMax = 65535;
constexpr float kWideToNarrow = 1.0F / 257;
constexpr float kChromaZero = 128;
constexpr float kWideChromaZero = 128 * 257;

/// Three channels of one pixel, in RGB or in YCbCr.
using Triple = std::array<std::uint16_t, 3>;

std::uint16_t wide_clamped(float value) {
  return static_cast<std::uint16_t>(std::clamp(value, 0.0F, float{kMax}) + 0.5F);
}

std::uint8_t clamped(float value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F) + 0.5F);
}

std::uint16_t complement(std::uint16_t sample) {
  return static_cast<std::uint16_t>(kMax - sample);
}

/// sample × part / 65535, rounded.
std::uint16_t share(std::uint32_t sample, std::uint32_t part) {
  return static_cast<std::uint16_t>((std::uint64_t{sample} * part + kMax / 2) / kMax);
}

/// JFIF 1.02, page 3.
Triple ycc_to_rgb(const Triple& ycc) {
  const auto y = static_cast<float>(ycc[0]);
  const float cb = static_cast<float>(ycc[1]) - kWideChromaZero;
  const float cr = static_cast<float>(ycc[2]) - kWideChromaZero;
  return {wide_clamped(y + 1.402F * cr), wide_clamped(y - 0.344136286F * cb - 0.714136286F * cr),
          wide_clamped(y + 1.772F * cb)};
}

/// What is left of white after the inks, which are given as what they let through.
Triple passed_by_ink(const Triple& passed, std::uint16_t passed_by_black) {
  return {share(passed[0], passed_by_black), share(passed[1], passed_by_black),
          share(passed[2], passed_by_black)};
}

Triple complement(const Triple& triple) {
  return {complement(triple[0]), complement(triple[1]), complement(triple[2])};
}

/// The pixel in RGB; `samples` are the three colour channels as the file stores them.
Triple to_rgb(const Triple& samples, std::uint16_t black, ColourModel model) {
  switch (model) {
    case ColourModel::Grey:
    case ColourModel::Rgb:
      return samples;
    case ColourModel::YCbCr:
      return ycc_to_rgb(samples);
    case ColourModel::Cmyk:
      return passed_by_ink(complement(samples), complement(black));
    case ColourModel::InvertedCmyk:
      return passed_by_ink(samples, black);
    case ColourModel::InvertedYcck:
      // YCCK is the YCbCr of the complements of the inks (Adobe technical note 5116).
      return passed_by_ink(complement(ycc_to_rgb(samples)), black);
  }
  return samples;
}

/// The mean of each 2 × 2 samples: centred 4:2:0. An odd edge stands for what is not there.
Plane halved(const Plane& full) {
  Plane half(chroma_extent(full.extent()));
  for (int y = 0; y < half.height(); ++y) {
    const std::uint8_t* upper = full.row(2 * y);
    const std::uint8_t* lower = full.row(std::min(2 * y + 1, full.height() - 1));
    for (int x = 0; x < half.width(); ++x) {
      const int left = 2 * x;
      const int right = std::min(left + 1, full.width() - 1);
      const int sum = upper[left] + upper[right] + lower[left] + lower[right];
      half.row(y)[x] = static_cast<std::uint8_t>((sum + 2) / 4);
    }
  }
  return half;
}

Plane narrowed(const WidePlane& plane) {
  Plane narrow(plane.extent());
  for (int y = 0; y < plane.height(); ++y) {
    std::transform(
        plane.row(y), plane.row(y) + plane.width(), narrow.row(y),
        [](std::uint16_t sample) { return static_cast<std::uint8_t>((sample + 128) / 257); });
  }
  return narrow;
}

/// One row of RGB in YCbCr (JFIF 1.02, page 3).
void to_ycc(const std::vector<WidePlane>& rgb, int y, std::array<Plane, 3>& ycc) {
  const std::uint16_t* red = rgb[0].row(y);
  const std::uint16_t* green = rgb[1].row(y);
  const std::uint16_t* blue = rgb[2].row(y);
  for (int x = 0; x < rgb[0].width(); ++x) {
    const float r = static_cast<float>(red[x]) * kWideToNarrow;
    const float g = static_cast<float>(green[x]) * kWideToNarrow;
    const float b = static_cast<float>(blue[x]) * kWideToNarrow;
    ycc[0].row(y)[x] = clamped(0.299F * r + 0.587F * g + 0.114F * b);
    ycc[1].row(y)[x] = clamped(-0.168735892F * r - 0.331264108F * g + 0.5F * b + kChromaZero);
    ycc[2].row(y)[x] = clamped(0.5F * r - 0.418687589F * g - 0.081312411F * b + kChromaZero);
  }
}

bool is_grey(Colour colour) {
  return colour[0] == colour[1] && colour[1] == colour[2];
}

}  // namespace

WidePlane widened(const Plane& plane) {
  WidePlane wide(plane.extent());
  for (int y = 0; y < plane.height(); ++y) {
    std::transform(plane.row(y), plane.row(y) + plane.width(), wide.row(y),
                   [](std::uint8_t sample) { return static_cast<std::uint16_t>(sample * 257); });
  }
  return wide;
}

std::vector<WidePlane> to_rgb(std::vector<WidePlane> planes, ColourModel model) {
  if (model == ColourModel::Grey || model == ColourModel::Rgb) {
    return planes;
  }
  const Extent extent = planes.front().extent();
  for (int y = 0; y < extent.height; ++y) {
    const std::uint16_t* black = planes.size() > 3 ? planes[3].row(y) : planes[0].row(y);
    for (int x = 0; x < extent.width; ++x) {
      const Triple rgb = to_rgb(
          Triple{planes[0].row(y)[x], planes[1].row(y)[x], planes[2].row(y)[x]}, black[x], model);
      for (std::size_t c = 0; c < rgb.size(); ++c) {
        planes[c].row(y)[x] = rgb[c];
      }
    }
  }
  planes.resize(3);
  return planes;
}

std::vector<WidePlane> to_ink(std::vector<WidePlane> planes, ColourModel model) {
  const Extent extent = planes.front().extent();
  for (int y = 0; y < extent.height; ++y) {
    for (int x = 0; x < extent.width; ++x) {
      Triple ink = {planes[0].row(y)[x], planes[1].row(y)[x], planes[2].row(y)[x]};
      ink = model == ColourModel::InvertedYcck ? ycc_to_rgb(ink) : complement(ink);
      for (std::size_t c = 0; c < ink.size(); ++c) {
        planes[c].row(y)[x] = ink[c];
      }
      planes[3].row(y)[x] = complement(planes[3].row(y)[x]);
    }
  }
  return planes;
}

void unpremultiply(std::vector<WidePlane>& planes, const WidePlane& alpha) {
  for (WidePlane& plane : planes) {
    for (int y = 0; y < plane.height(); ++y) {
      std::transform(plane.row(y), plane.row(y) + plane.width(), alpha.row(y), plane.row(y),
                     [](std::uint32_t sample, std::uint32_t covered) {
                       // Resizing overshoots, so that a colour may be brighter than its alpha.
                       const std::uint32_t whole = std::min(sample, covered) * kMax;
                       return static_cast<std::uint16_t>(covered == 0 ? 0 : whole / covered);
                     });
    }
  }
}

void premultiply(std::vector<WidePlane>& planes, const WidePlane& alpha) {
  for (WidePlane& plane : planes) {
    for (int y = 0; y < plane.height(); ++y) {
      std::transform(plane.row(y), plane.row(y) + plane.width(), alpha.row(y), plane.row(y), share);
    }
  }
}

void flatten(ColourPicture& picture, Colour background) {
  if (!picture.alpha) {
    return;
  }
  if (picture.planes.size() == 1 && !is_grey(background)) {
    picture.planes.resize(3, WidePlane(picture.planes.front()));
  }
  for (std::size_t c = 0; c < picture.planes.size(); ++c) {
    const std::uint32_t behind = background[c] * 257U;
    WidePlane& plane = picture.planes[c];
    for (int y = 0; y < plane.height(); ++y) {
      std::transform(plane.row(y), plane.row(y) + plane.width(), picture.alpha->row(y),
                     plane.row(y), [behind](std::uint16_t sample, std::uint16_t covered) {
                       return static_cast<std::uint16_t>(share(sample, covered) +
                                                         share(behind, complement(covered)));
                     });
    }
  }
  picture.alpha.reset();
}

Picture to_picture(const ColourPicture& colours, Chroma chroma) {
  Picture picture;
  if (colours.planes.size() == 1) {
    picture.planes.push_back(narrowed(colours.planes.front()));
    return picture;
  }
  const Extent extent = colours.extent();
  std::array<Plane, 3> ycc = {Plane(extent), Plane(extent), Plane(extent)};
  for (int y = 0; y < extent.height; ++y) {
    to_ycc(colours.planes, y, ycc);
  }
  if (chroma == Chroma::Halved) {
    ycc[1] = halved(ycc[1]);
    ycc[2] = halved(ycc[2]);
  }
  std::ranges::move(ycc, std::back_inserter(picture.planes));
  return picture;
}

}  // namespace bulkhead::imaging
