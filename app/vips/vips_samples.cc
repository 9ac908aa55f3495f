#include "vips/vips_samples.h"

#include <algorithm>
#include <array>
#include <utility>

namespace bulkhead::vips {

namespace {

using imaging::ColourModel;
using imaging::RasterHeader;

/// Runs an operation of libvips that makes one image of another; null when it fails or there is
/// nothing to work on.
template <class Operation>
ImagePtr applied(const ImagePtr& image, Operation&& operation) {
  VipsImage* made = nullptr;
  if (!image || operation(image.get(), &made) != 0) {
    return nullptr;
  }
  return ImagePtr(made);
}

ImagePtr bands(const ImagePtr& image, int first, int count) {
  return applied(image, [=](VipsImage* in, VipsImage** out) {
    return vips_extract_band(in, out, first, "n", count, nullptr);
  });
}

bool is_plain_colour(VipsInterpretation meaning) {
  static constexpr std::array kPlain = {VIPS_INTERPRETATION_B_W,      VIPS_INTERPRETATION_GREY16,
                                        VIPS_INTERPRETATION_sRGB,     VIPS_INTERPRETATION_RGB,
                                        VIPS_INTERPRETATION_RGB16,    VIPS_INTERPRETATION_CMYK,
                                        VIPS_INTERPRETATION_MULTIBAND};
  return std::ranges::find(kPlain, meaning) != kPlain.end();
}

ImagePtr converted_to_srgb(const ImagePtr& image) {
  return applied(image, [](VipsImage* in, VipsImage** out) {
    return vips_colourspace(in, out, VIPS_INTERPRETATION_sRGB, nullptr);
  });
}

/// Samples of which the largest value is another than that of their type, as PNM files may say, to
/// that. Those above it become it: 255 in bitmaps, of which the largest value is said to be 1.
ImagePtr stretched(ImagePtr image, VipsBandFormat format) {
  constexpr const char* kLargest = "ppm-max-value";
  const double whole = format == VIPS_FORMAT_UCHAR ? 255 : 65535;
  int largest = 0;
  if (vips_image_get_typeof(image.get(), kLargest) == 0 ||
      vips_image_get_int(image.get(), kLargest, &largest) != 0 || largest < 1 ||
      largest == static_cast<int>(whole)) {
    return image;
  }
  const ImagePtr wider = applied(image, [&](VipsImage* in, VipsImage** out) {
    return vips_linear1(in, out, whole / largest, 0.5, nullptr);
  });
  return applied(
      wider, [&](VipsImage* in, VipsImage** out) { return vips_cast(in, out, format, nullptr); });
}

struct Channels {
  ColourModel colour;
  int colours;
};

Channels channels_of(const VipsImage* image) {
  const int bands = vips_image_get_bands(image);
  if (bands < 3) {
    return {ColourModel::Grey, 1};
  }
  if (vips_image_get_interpretation(image) == VIPS_INTERPRETATION_CMYK && bands > 3) {
    return {ColourModel::Cmyk, 4};
  }
  return {ColourModel::Rgb, 3};
}

}  // namespace

ImagePtr with_plain_samples(ImagePtr image, RasterHeader& header) {
  if (!is_plain_colour(vips_image_get_interpretation(image.get()))) {
    image = converted_to_srgb(image);
    header.profile.clear();
  }
  if (!image) {
    return nullptr;
  }
  const VipsBandFormat format = vips_image_get_format(image.get());
  if (format != VIPS_FORMAT_UCHAR && format != VIPS_FORMAT_USHORT) {
    vips_error("", "samples of the type %s are not supported",
               vips_enum_nick(VIPS_TYPE_BAND_FORMAT, format));
    return nullptr;
  }
  image = stretched(std::move(image), format);
  if (!image) {
    return nullptr;
  }
  const auto [colour, colours] = channels_of(image.get());
  header.colour = colour;
  header.has_alpha = vips_image_get_bands(image.get()) > colours;
  header.sample_bytes = format == VIPS_FORMAT_UCHAR ? 1 : 2;
  const int wanted = colours + (header.has_alpha ? 1 : 0);
  return vips_image_get_bands(image.get()) == wanted ? std::move(image) : bands(image, 0, wanted);
}

}  // namespace bulkhead::vips
