// Files of every format, written by libvips and read by its module.

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "imaging/one_thumbnail.h"
#include "photos/raster.h"

namespace bulkhead::imaging {
namespace {

using test_photos::Channels;
using test_photos::decode_photo;
using test_photos::draw_photo;
using test_photos::encode_png_with_exif;
using test_photos::encode_raster;
using test_photos::Pixels;
using test_photos::RasterOptions;

const Pixels& drawn() {
  static const Pixels pixels = draw_photo(640, 421, 1);
  return pixels;
}

Pixels pixels_of(const OneThumbnail& thumbnail) {
  return decode_photo(thumbnail.jpeg, Channels::Rgb).pixels;
}

double psnr(const Pixels& one, const Pixels& other) {
  if (one.width != other.width || one.height != other.height) {
    return 0;
  }
  double squares = 0;
  for (std::size_t i = 0; i < one.rgb.size(); ++i) {
    squares += std::pow(one.rgb[i] - other.rgb[i], 2);
  }
  return squares == 0 ? 99 : 10 * std::log10(65025 / (squares / double(one.rgb.size())));
}

OneThumbnail made(const std::vector<std::byte>& file, const OneOptions& options = {.quality = 95}) {
  auto thumbnail = make_thumbnail(file, options);
  EXPECT_TRUE(thumbnail) << thumbnail.error().message;
  return thumbnail ? *std::move(thumbnail) : OneThumbnail{};
}

const Pixels& expected() {
  static const Pixels pixels = pixels_of(made(encode_raster(drawn(), {})));
  return pixels;
}

TEST(RasterFormatsTest, PngLooksLikeTheJpegOfTheSamePicture) {
  const auto jpeg =
      test_photos::encode_photo(drawn(), {.sampling = test_photos::Sampling::S444, .quality = 98});
  EXPECT_GT(psnr(expected(), pixels_of(made(jpeg))), 38);
  EXPECT_EQ(made(encode_raster(drawn(), {})).decoder, "libvips png");
}

class RasterFormatTest : public testing::TestWithParam<std::string> {};

TEST_P(RasterFormatTest, LooksLikeTheSamePng) {
  const OneThumbnail thumbnail = made(encode_raster(drawn(), {.suffix = GetParam()}));
  EXPECT_EQ(thumbnail.source, (Extent{640, 421}));
  EXPECT_EQ(thumbnail.size, (Extent{128, 84}));
  EXPECT_EQ(thumbnail.damage, "");
  EXPECT_GT(psnr(expected(), pixels_of(thumbnail)), 30);
}

std::string name_of_suffix(const testing::TestParamInfo<std::string>& parameter) {
  std::string name = parameter.param;
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, RasterFormatTest,
                         testing::Values(".png[interlace]", ".png[palette]", ".gif", ".webp[Q=90]",
                                         ".webp[lossless]", ".tif",
                                         ".tif[compression=lzw,predictor=horizontal]",
                                         ".tif[compression=jpeg,Q=90]", ".tif[tile,pyramid]",
                                         ".tif[bigtiff]", ".ppm"),
                         name_of_suffix);

TEST(RasterFormatsTest, SixteenBitsBecomeEight) {
  EXPECT_GT(psnr(expected(), pixels_of(made(encode_raster(drawn(), {.is_wide = true})))), 40);
  const RasterOptions wide_tiff{.suffix = ".tif", .is_wide = true};
  EXPECT_GT(psnr(expected(), pixels_of(made(encode_raster(drawn(), wide_tiff)))), 40);
  const auto narrow = pixels_of(made(encode_raster(drawn(), {.is_grey = true})));
  const auto wide = pixels_of(made(encode_raster(drawn(), {.is_wide = true, .is_grey = true})));
  EXPECT_GT(psnr(narrow, wide), 40);
}

TEST(RasterFormatsTest, GreyStaysGreyAndInkBecomesColour) {
  const auto components = [](const RasterOptions& options) {
    return decode_photo(made(encode_raster(drawn(), options)).jpeg, Channels::Rgb).components;
  };
  EXPECT_EQ(components({.is_grey = true}), 1);
  EXPECT_EQ(components({.is_grey = true, .alpha = 100}), 1);
  const RasterOptions ink{.suffix = ".tif", .is_cmyk = true};
  EXPECT_EQ(components(ink), 3);
  EXPECT_GT(psnr(expected(), pixels_of(made(encode_raster(drawn(), ink)))), 40);
}

TEST(RasterFormatsTest, LabOfEightBitsBecomesTheSameColours) {
  const RasterOptions lab{.suffix = ".tif", .is_lab = true};
  EXPECT_GT(psnr(expected(), pixels_of(made(encode_raster(drawn(), lab)))), 36);
}

TEST(RasterFormatsTest, GreyOfFewBitsIsThatOfEight) {
  const auto whole = pixels_of(made(encode_raster(drawn(), {.is_grey = true})));
  for (const char* suffix : {".png[palette,bitdepth=4]", ".tif[bitdepth=4]"}) {
    const RasterOptions few{.suffix = suffix, .is_grey = true};
    EXPECT_GT(psnr(whole, pixels_of(made(encode_raster(drawn(), few)))), 27) << suffix;
  }
}

TEST(RasterFormatsTest, EveryOrientationIsShownUpright) {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const std::vector<std::vector<std::byte>> files = {
        encode_raster(drawn(), {.suffix = ".tif", .orientation = orientation}),
        encode_raster(drawn(), {.suffix = ".webp[Q=90]", .orientation = orientation}),
        encode_png_with_exif(drawn(), orientation)};
    for (const auto& file : files) {
      const OneThumbnail thumbnail = made(file);
      EXPECT_EQ(thumbnail.orientation, orientation) << thumbnail.decoder;
      EXPECT_GT(psnr(expected(), pixels_of(thumbnail)), 30) << thumbnail.decoder << orientation;
    }
  }
}

TEST(RasterFormatsTest, TransparencyIsLaidOnWhite) {
  for (const char* suffix : {".png", ".webp[lossless]", ".tif"}) {
    const auto clear = pixels_of(made(encode_raster(drawn(), {.suffix = suffix, .alpha = 0})));
    EXPECT_GT(clear.at(20, 40)[0], 250) << suffix;
    EXPECT_GT(clear.at(20, 40)[2], 250) << suffix;
    const auto half = pixels_of(made(encode_raster(drawn(), {.suffix = suffix, .alpha = 128})));
    EXPECT_NEAR(half.at(20, 40)[1], (255 + expected().at(20, 40)[1]) / 2, 12) << suffix;
    EXPECT_NEAR(half.at(100, 40)[1], expected().at(100, 40)[1], 12) << suffix;
  }
}

TEST(RasterFormatsTest, CutFileGivesWhatIsThereAndItsDamage) {
  auto file = encode_raster(drawn(), {.suffix = ".png"});
  file.resize(file.size() / 2);
  const OneThumbnail thumbnail = made(file);
  EXPECT_NE(thumbnail.damage, "");
  const Pixels pixels = pixels_of(thumbnail);
  EXPECT_NEAR(pixels.at(64, 10)[2], expected().at(64, 10)[2], 12);
  EXPECT_NEAR(pixels.at(64, 82)[1], 128, 6);
}

TEST(RasterFormatsTest, CutGifIsMadeUpByItsDecoder) {
  auto file = encode_raster(drawn(), {.suffix = ".gif"});
  file.resize(file.size() * 3 / 4);
  const OneThumbnail thumbnail = made(file);
  EXPECT_NE(thumbnail.damage, "");
  EXPECT_NEAR(pixels_of(thumbnail).at(64, 10)[2], expected().at(64, 10)[2], 16);
}

TEST(RasterFormatsTest, CutInterlacedPngShowsAllOfItCoarsely) {
  for (const int alpha : {-1, 255}) {
    for (const bool is_wide : {false, true}) {
      auto file =
          encode_raster(drawn(), {.suffix = ".png[interlace]", .is_wide = is_wide, .alpha = alpha});
      file.resize(file.size() / 4);
      const OneThumbnail thumbnail = made(file);
      EXPECT_NE(thumbnail.damage, "");
      EXPECT_GT(psnr(expected(), pixels_of(thumbnail)), 20) << alpha << is_wide;
    }
  }
}

TEST(RasterFormatsTest, CutInterlacedPngOfTheFirstRowsShowsThem) {
  auto file = encode_raster(drawn(), {.suffix = ".png[interlace,compression=0]"});
  file.resize(file.size() / 100);
  const OneThumbnail thumbnail = made(file);
  EXPECT_NE(thumbnail.damage, "");
  EXPECT_NEAR(pixels_of(thumbnail).at(64, 4)[2], expected().at(64, 4)[2], 16);
  EXPECT_NEAR(pixels_of(thumbnail).at(64, 82)[1], 128, 6);
}

TEST(RasterFormatsTest, CutFileWithoutAnyPixelIsAnError) {
  auto file = encode_raster(drawn(), {.suffix = ".png[interlace]"});
  file.resize(60);
  const auto thumbnail = make_thumbnail(file);
  ASSERT_FALSE(thumbnail);
  EXPECT_EQ(thumbnail.error().fault, ImageFault::Damaged);
}

TEST(RasterFormatsTest, LimitOfDecodedPixelsIsForWhatLiesInMemoryAtOnce) {
  const OneOptions options{.box = {16, 16}, .max_decoded_pixels = 20'000};
  EXPECT_TRUE(make_thumbnail(encode_raster(drawn(), {}), options));
  const auto refused = make_thumbnail(encode_raster(drawn(), {.suffix = ".webp"}), options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, ImageFault::TooLarge);
  EXPECT_FALSE(make_thumbnail(encode_raster(drawn(), {}), {.max_pixels = 1000}));
}

TEST(RasterFormatsTest, WhatIsLeftForTheResizerIsLimitedToo) {
  const auto file = encode_raster(drawn(), {});
  EXPECT_TRUE(make_thumbnail(file, {.box = {128, 128}, .max_decoded_pixels = 300'000}));
  const auto refused = make_thumbnail(file, {.box = {128, 128}, .max_decoded_pixels = 200'000});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, ImageFault::TooLarge);
}

TEST(RasterFormatsTest, NarrowPictureNeedsNoMoreThanAnother) {
  const auto narrow = encode_raster(draw_photo(1, 100'000, 1), {});
  EXPECT_TRUE(make_thumbnail(narrow, {.max_decoded_pixels = 20'000}));
}

TEST(RasterFormatsTest, SamplesOfPnmAreSharesOfTheLargestValue) {
  const auto grey_of = [](const std::string& file) {
    const auto thumbnail =
        made({std::as_bytes(std::span(file)).begin(), std::as_bytes(std::span(file)).end()});
    return static_cast<int>(pixels_of(thumbnail).at(0, 0)[0]);
  };
  EXPECT_NEAR(grey_of("P2 1 1 15 15\n"), 255, 1);
  EXPECT_NEAR(grey_of("P2 1 1 1 1\n"), 255, 1);
  EXPECT_NEAR(grey_of("P2 1 1 100 50\n"), 128, 1);
  EXPECT_NEAR(grey_of("P5 1 1 1023\n" + std::string("\x02\x00", 2)), 128, 1);
  EXPECT_NEAR(grey_of("P2 1 1 255 200\n"), 200, 1);
  EXPECT_NEAR(grey_of("P1 1 1 0\n"), 255, 1);
  EXPECT_NEAR(grey_of("P1 1 1 1\n"), 0, 1);
}

TEST(RasterFormatsTest, ManyPixelsShrinkToOne) {
  EXPECT_EQ(made(encode_raster(draw_photo(3000, 3, 1), {})).size, (Extent{128, 1}));
  EXPECT_EQ(made(encode_raster(draw_photo(1, 1, 1), {.suffix = ".gif"})).size, (Extent{1, 1}));
}

}  // namespace
}  // namespace bulkhead::imaging
