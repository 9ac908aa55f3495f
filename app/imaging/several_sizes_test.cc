// Several thumbnails of one decoding, of every shape.

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "imaging/thumbnail.h"
#include "photos/photo.h"
#include "photos/raster.h"

namespace bulkhead::imaging {
namespace {

using test_photos::Channels;
using test_photos::draw_photo;
using test_photos::encode_raster;
using test_photos::make_photo;
using test_photos::PhotoOptions;
using test_photos::Pixels;

using Bytes = std::vector<std::byte>;

Pixels pixels_of(const Thumbnail& thumbnail) {
  return test_photos::decode_photo(thumbnail.bytes, Channels::Rgb).pixels;
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

Thumbnails made(const Bytes& file, std::vector<SizeRule> sizes, int quality = 95) {
  return make_thumbnails(file, {.sizes = std::move(sizes), .encoding = {.quality = quality}})
      .value();
}

SizeRule box(int side) {
  return {.box = {side, side}};
}

TEST(SeveralSizesTest, ComeInTheOrderAskedForWhateverTheirSize) {
  const Thumbnails all =
      made(make_photo({.width = 1000, .height = 700}), {box(64), box(512), box(128)});
  ASSERT_EQ(all.made.size(), 3U);
  EXPECT_EQ(all.made[0].size, (Extent{64, 45}));
  EXPECT_EQ(all.made[1].size, (Extent{512, 358}));
  EXPECT_EQ(all.made[2].size, (Extent{128, 90}));
  EXPECT_EQ(all.decoder, "libjpeg 8/8");
}

// Odd sizes and every orientation: a small one is made of a large one, whose chroma is halved and
// whose last chroma sample lies at either end.
TEST(SeveralSizesTest, SmallOneOfALargeOneLooksLikeOneByItself) {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const Bytes photo =
        make_photo({.width = 1001, .height = 677, .quality = 95, .orientation = orientation});
    const Thumbnails all = made(photo, {box(401), box(101)});
    const Thumbnails alone = made(photo, {box(101)});
    EXPECT_GT(psnr(pixels_of(all.made[1]), pixels_of(alone.made[0])), 38) << orientation;
  }
}

TEST(SeveralSizesTest, LargeOneDoesNotDependOnTheOthers) {
  const Bytes photo = make_photo({.width = 1001, .height = 677});
  EXPECT_EQ(made(photo, {box(101), box(401)}).made[1].bytes, made(photo, {box(401)}).made[0].bytes);
}

TEST(FitTest, CoverShowsTheMiddleAtTheScaleOfTheWhole) {
  const Bytes photo = make_photo({.width = 1200, .height = 600, .quality = 95});
  const Pixels cover = pixels_of(made(photo, {{.box = {100, 100}, .fit = Fit::Cover}}).made[0]);
  const Pixels whole = pixels_of(made(photo, {{.box = {200, 100}}}).made[0]);
  ASSERT_EQ(cover.width, 100);
  ASSERT_EQ(cover.height, 100);
  double error = 0;
  for (int y = 2; y < 98; ++y) {
    for (int x = 2; x < 98; ++x) {
      error += std::abs(cover.at(x, y)[1] - whole.at(x + 50, y)[1]);
    }
  }
  EXPECT_LT(error / (96 * 96), 3);
}

TEST(FitTest, CoverKeepsTheSideThatGravityNamesInEveryOrientation) {
  const PhotoOptions upright{.width = 1200, .height = 600, .quality = 95};
  const SizeRule left{.box = {100, 100}, .fit = Fit::Cover, .gravity = {0, 0.5}};
  const Pixels expected = pixels_of(made(make_photo(upright), {left}).made[0]);
  for (int orientation = 2; orientation <= 8; ++orientation) {
    PhotoOptions turned = upright;
    turned.orientation = orientation;
    EXPECT_GT(psnr(expected, pixels_of(made(make_photo(turned), {left}).made[0])), 28)
        << orientation;
  }
}

TEST(FitTest, ContainIsSurroundedByTheBackground) {
  const Bytes photo = make_photo({.width = 600, .height = 300});
  const auto all = make_thumbnails(photo, {.sizes = {{.box = {100, 100}, .fit = Fit::Contain}},
                                           .encoding = {.quality = 95},
                                           .background = {0, 0, 255}});
  const Pixels pixels = pixels_of(all->made[0]);
  ASSERT_EQ(pixels.height, 100);
  EXPECT_GT(pixels.at(50, 5)[2], 240);
  EXPECT_LT(pixels.at(50, 5)[0], 15);
  const Pixels alone = pixels_of(made(photo, {box(100)}).made[0]);
  EXPECT_NEAR(pixels.at(40, 50)[1], alone.at(40, 25)[1], 14);
}

TEST(FitTest, FillIgnoresProportions) {
  EXPECT_EQ(made(make_photo({}), {{.box = {50, 200}, .fit = Fit::Fill}}).made[0].size,
            (Extent{50, 200}));
}

TEST(EncodingTest, ChromaAndScansAreThoseAskedFor) {
  const Bytes photo = make_photo({});
  const auto full = make_thumbnails(photo, {.encoding = {.chroma = Chroma::Full}}).value();
  const auto progressive =
      make_thumbnails(photo, {.encoding = {.scans = JpegScans::Progressive}}).value();
  const auto decoded = test_photos::decode_photo(full.made[0].bytes, Channels::Rgb);
  EXPECT_EQ(decoded.luma_factors, (std::array{1, 1}));
  const auto marker =
      std::ranges::search(progressive.made[0].bytes, std::array{std::byte{0xFF}, std::byte{0xC2}});
  EXPECT_FALSE(marker.empty());
}

TEST(EncodingTest, OtherFormatsKeepWhatIsTransparent) {
  const Pixels drawn = draw_photo(300, 200, 1);
  for (const OutputFormat format : {OutputFormat::Png, OutputFormat::Webp, OutputFormat::Avif}) {
    const auto clear =
        make_thumbnails(encode_raster(drawn, {.alpha = 0}), {.encoding = {.format = format}});
    ASSERT_TRUE(clear) << clear.error().message;
    // Read again and laid on black, what was transparent is black.
    const auto again = make_thumbnails(clear->made[0].bytes, {.background = {0, 0, 0}});
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->made[0].size, (Extent{128, 85}));
    EXPECT_LT(pixels_of(again->made[0]).at(20, 40)[0], 12);
  }
}

TEST(MixingTest, LightKeepsTheBrightnessOfFineStripes) {
  Pixels stripes{512, 512, std::vector<std::uint8_t>(std::size_t{512} * 512 * 3, 0)};
  for (int y = 0; y < 512; y += 2) {
    std::fill_n(stripes.at(0, y), 512 * 3, std::uint8_t{255});
  }
  const Bytes photo =
      test_photos::encode_photo(stripes, {.sampling = test_photos::Sampling::S420, .quality = 98});
  const auto middle = [&](Mixing mixing, const Bytes& file) {
    const auto all = make_thumbnails(file, {.sizes = {box(256)}, .mixing = mixing}).value();
    return int{pixels_of(all.made[0]).at(128, 128)[1]};
  };
  EXPECT_NEAR(middle(Mixing::Gamma, photo), 128, 4);
  EXPECT_NEAR(middle(Mixing::Light, photo), 188, 4);
  EXPECT_NEAR(middle(Mixing::Light, encode_raster(stripes, {})), 188, 4);
}

TEST(TurningTest, PhotoCanBeLeftAsItIsStored) {
  const Bytes photo = make_photo({.width = 640, .height = 480, .orientation = 6});
  const auto stored = make_thumbnails(photo, {.turning = Turning::AsStored}).value();
  EXPECT_EQ(stored.made[0].size, (Extent{96, 128}));
}

}  // namespace
}  // namespace bulkhead::imaging
