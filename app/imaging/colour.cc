#include "imaging/colour.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace bulkhead::imaging {

namespace {

constexpr int kWhite = 255;
constexpr int kChromaZero = 128;

/// Three channels of one pixel, in RGB or in YCbCr.
using Triple = std::array<std::uint8_t, 3>;

std::uint8_t clamped(double value) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
}

/// JFIF 1.02, page 3.
Triple rgb_to_ycc(const Triple& rgb) {
  const double r = rgb[0];
  const double g = rgb[1];
  const double b = rgb[2];
  return {clamped(0.299 * r + 0.587 * g + 0.114 * b),
          clamped(-0.168735892 * r - 0.331264108 * g + 0.5 * b + kChromaZero),
          clamped(0.5 * r - 0.418687589 * g - 0.081312411 * b + kChromaZero)};
}

Triple ycc_to_rgb(const Triple& ycc) {
  const double y = ycc[0];
  const double cb = ycc[1] - kChromaZero;
  const double cr = ycc[2] - kChromaZero;
  return {clamped(y + 1.402 * cr), clamped(y - 0.344136286 * cb - 0.714136286 * cr),
          clamped(y + 1.772 * cb)};
}

/// Of the models with ink: whether 255 is none of it.
bool is_inverted(ColourModel model) {
  return model != ColourModel::Cmyk;
}

/// What is left of white after the inks; both arguments as the file stores them.
Triple ink_to_rgb(const Triple& ink, std::uint8_t black, ColourModel model) {
  Triple rgb{};
  const int passed_by_black = is_inverted(model) ? black : kWhite - black;
  for (std::size_t c = 0; c < rgb.size(); ++c) {
    const int passed = is_inverted(model) ? ink[c] : kWhite - ink[c];
    rgb[c] = static_cast<std::uint8_t>((passed * passed_by_black + kWhite / 2) / kWhite);
  }
  return rgb;
}

/// The pixel in RGB; `samples` are the three colour channels as the file stores them.
Triple to_rgb(const Triple& samples, std::uint8_t black, ColourModel model) {
  if (model == ColourModel::Rgb) {
    return samples;
  }
  if (model != ColourModel::InvertedYcck) {
    return ink_to_rgb(samples, black, model);
  }
  // YCCK is the YCbCr of the complements of the inks (Adobe technical note 5116).
  Triple ink = ycc_to_rgb(samples);
  for (auto& channel : ink) {
    channel = static_cast<std::uint8_t>(kWhite - channel);
  }
  return ink_to_rgb(ink, black, model);
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

}  // namespace

Picture to_picture(const std::vector<Plane>& planes, ColourModel model) {
  const Extent extent = planes.front().extent();
  std::array<Plane, 3> ycc = {Plane(extent), Plane(extent), Plane(extent)};
  for (int y = 0; y < extent.height; ++y) {
    for (int x = 0; x < extent.width; ++x) {
      const Triple samples = {planes[0].row(y)[x], planes[1].row(y)[x], planes[2].row(y)[x]};
      const std::uint8_t black = planes.size() > 3 ? planes[3].row(y)[x] : std::uint8_t{0};
      const auto [luma, cb, cr] = rgb_to_ycc(to_rgb(samples, black, model));
      ycc[0].row(y)[x] = luma;
      ycc[1].row(y)[x] = cb;
      ycc[2].row(y)[x] = cr;
    }
  }
  Picture picture;
  picture.planes = {std::move(ycc[0]), halved(ycc[1]), halved(ycc[2])};
  return picture;
}

}  // namespace bulkhead::imaging
