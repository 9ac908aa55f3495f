#include "photos/raster.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#include <vips/vips.h>

namespace bulkhead::test_photos {

namespace {

struct Unref {
  void operator()(VipsImage* image) const { g_object_unref(image); }
};

using ImagePtr = std::unique_ptr<VipsImage, Unref>;

[[noreturn]] void give_up() {
  std::fprintf(stderr, "libvips: %s\n", vips_error_buffer());
  std::abort();
}

template <class Operation>
ImagePtr applied(const ImagePtr& image, Operation&& operation) {
  VipsImage* made = nullptr;
  if (operation(image.get(), &made) != 0) {
    give_up();
  }
  return ImagePtr(made);
}

ImagePtr image_of(const Pixels& pixels) {
  constexpr int kChannels = 3;
  VipsImage* const image =
      vips_image_new_from_memory_copy(pixels.rgb.data(), pixels.rgb.size(), pixels.width,
                                      pixels.height, kChannels, VIPS_FORMAT_UCHAR);
  if (image == nullptr) {
    give_up();
  }
  return applied(ImagePtr(image), [](VipsImage* in, VipsImage** out) {
    return vips_copy(in, out, "interpretation", VIPS_INTERPRETATION_sRGB, nullptr);
  });
}

ImagePtr in_space(const ImagePtr& image, VipsInterpretation space) {
  return applied(image, [space](VipsImage* in, VipsImage** out) {
    return vips_colourspace(in, out, space, nullptr);
  });
}

/// Ideal inks: what is not red is cyan, and there is no black.
ImagePtr in_ink(const ImagePtr& image) {
  const auto inverted =
      applied(image, [](VipsImage* in, VipsImage** out) { return vips_invert(in, out, nullptr); });
  const auto with_black = applied(inverted, [](VipsImage* in, VipsImage** out) {
    return vips_bandjoin_const1(in, out, 0, nullptr);
  });
  return applied(with_black, [](VipsImage* in, VipsImage** out) {
    return vips_copy(in, out, "interpretation", VIPS_INTERPRETATION_CMYK, nullptr);
  });
}

ImagePtr with_alpha(const ImagePtr& image, int alpha) {
  const int width = vips_image_get_width(image.get());
  std::vector<std::uint8_t> covered;
  for (int y = 0; y < vips_image_get_height(image.get()); ++y) {
    for (int x = 0; x < width; ++x) {
      covered.push_back(x < width / 2 ? static_cast<std::uint8_t>(alpha) : 255);
    }
  }
  const ImagePtr band(vips_image_new_from_memory_copy(covered.data(), covered.size(), width,
                                                      vips_image_get_height(image.get()), 1,
                                                      VIPS_FORMAT_UCHAR));
  return applied(image, [&](VipsImage* in, VipsImage** out) {
    return vips_bandjoin2(in, band.get(), out, nullptr);
  });
}

std::vector<std::byte> written(VipsImage* image, const std::string& suffix) {
  void* bytes = nullptr;
  std::size_t count = 0;
  if (vips_image_write_to_buffer(image, suffix.c_str(), &bytes, &count, nullptr) != 0) {
    give_up();
  }
  const auto* const begin = static_cast<const std::byte*>(bytes);
  std::vector<std::byte> file(begin, begin + count);
  g_free(bytes);
  return file;
}

void append_big_endian(std::uint32_t number, std::vector<std::byte>& bytes) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<std::byte>(number >> shift));
  }
}

/// The checksum of a chunk (PNG specification, annex D).
std::uint32_t checksum(const std::byte* begin, const std::byte* end) {
  std::uint32_t sum = 0xFFFFFFFF;
  for (; begin != end; ++begin) {
    sum ^= std::to_integer<std::uint32_t>(*begin);
    for (int bit = 0; bit < 8; ++bit) {
      sum = sum >> 1U ^ (sum % 2 == 1 ? 0xEDB88320 : 0);
    }
  }
  return ~sum;
}

}  // namespace

std::vector<std::byte> encode_raster(const Pixels& shown, const RasterOptions& options) {
  static const bool has_started = vips_init("test") == 0;
  if (!has_started) {
    give_up();
  }
  ImagePtr image =
      image_of(options.orientation > 1 ? stored_for(shown, options.orientation) : shown);
  if (options.is_grey) {
    image = in_space(image, VIPS_INTERPRETATION_B_W);
  }
  if (options.is_cmyk) {
    image = in_ink(image);
  }
  if (options.is_lab) {
    image = in_space(image, VIPS_INTERPRETATION_LABQ);
  }
  if (options.alpha >= 0) {
    image = with_alpha(image, options.alpha);
  }
  if (options.is_wide) {
    image =
        in_space(image, options.is_grey ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_RGB16);
  }
  if (options.orientation != 0) {
    vips_image_set_int(image.get(), VIPS_META_ORIENTATION, options.orientation);
  }
  return written(image.get(), options.suffix);
}

std::vector<std::byte> encode_png_with_exif(const Pixels& shown, int orientation) {
  constexpr std::size_t kAfterHeader = 8 + 25;
  std::vector<std::byte> file = encode_raster(stored_for(shown, orientation), {});
  std::vector<std::byte> chunk;
  // "MM", a directory with the one entry "orientation, SHORT, 1 value", and no further one.
  const std::vector<std::uint8_t> exif = {
      'e', 'X', 'I', 'f',  'M', 'M', 0, 42, 0, 0, 0, 8,
      0,   1,   1,   0x12, 0,   3,   0, 0,  0, 1, 0, static_cast<std::uint8_t>(orientation),
      0,   0,   0,   0,    0,   0};
  append_big_endian(static_cast<std::uint32_t>(exif.size() - 4), chunk);
  for (const std::uint8_t byte : exif) {
    chunk.push_back(std::byte{byte});
  }
  append_big_endian(checksum(chunk.data() + 4, chunk.data() + chunk.size()), chunk);
  file.insert(file.begin() + kAfterHeader, chunk.begin(), chunk.end());
  return file;
}

}  // namespace bulkhead::test_photos
