#include "imaging/shrink.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "imaging/decoded_picture.h"
#include "imaging/geometry.h"
#include "imaging/jpeg_decoder.h"
#include "imaging/lanczos_reference.h"
#include "photos/photo.h"

namespace bulkhead::imaging {
namespace {

using test_photos::Coding;
using test_photos::Pixels;
using test_photos::Sampling;

// Odd, so that the last chroma sample lies half outside of the picture.
constexpr Extent kBox{127, 127};

/// The picture before it is encoded, so that what is measured is the resampling.
Picture small_picture(std::span<const std::byte> file) {
  auto decoder = JpegDecoder::open(file).value();
  const JpegHeader header = decoder.header();
  const Turn turn = turn_of(header.orientation);
  const Layout layout = lay_out(turned(header.size, turn), {.box = kBox});
  auto image = decoder.decode(choose_dct_scale(header.size, turned(layout.size, turn)));
  DecodedPicture<std::uint8_t> picture(std::move(image->planes),
                                       {.model = header.colour, .turn = turn});
  return picture.is_picture_already() ? picture.picture(layout, Chroma::Halved).value()
                                      : to_picture(picture.colours(layout).value());
}

/// The slow way: one channel of the upright picture at its full size, then Lanczos in floating
/// point, straight to the extent of the plane.
FloatPlane reference_plane(const Pixels& ycc, std::size_t channel, Extent luma) {
  const Extent full{ycc.width, ycc.height};
  const auto samples = sampled(full, [&](int x, int y) { return double(ycc.at(x, y)[channel]); });
  const double width = full.width;
  const double height = full.height;
  if (channel == 0) {
    return lanczos_reference(samples, {0, 0, width, height}, luma);
  }
  // A chroma sample stands for two by two luma samples, also where the picture has but one.
  const Extent chroma = chroma_extent(luma);
  return lanczos_reference(
      samples,
      {0, 0, width * (2 * chroma.width) / luma.width, height * (2 * chroma.height) / luma.height},
      chroma);
}

std::vector<double> psnr_of_planes(const Picture& picture, const Pixels& ycc) {
  std::vector<double> decibels;
  for (std::size_t c = 0; c < picture.planes.size(); ++c) {
    const Plane& plane = picture.planes[c];
    decibels.push_back(psnr(reference_plane(ycc, c, picture.extent()),
                            [&](int x, int y) { return double(plane.row(y)[x]); }));
  }
  return decibels;
}

/// Against a full decode of the same file.
std::vector<double> psnr_of_photo(test_photos::PhotoOptions options) {
  const int orientation = options.orientation;
  const auto shown = test_photos::draw_photo(options.width, options.height, options.seed);
  const auto file = test_photos::encode_photo(shown, options);
  const auto decoded = test_photos::decode_photo(file, test_photos::Channels::YCbCr);
  if (orientation <= 1) {
    return psnr_of_planes(small_picture(file), decoded.pixels);
  }
  // stored_for() undoes a turn when it is given the inverse one: only 6 and 8 are not their own.
  const int inverse = orientation == 6 ? 8 : orientation == 8 ? 6 : orientation;
  return psnr_of_planes(small_picture(file), test_photos::stored_for(decoded.pixels, inverse));
}

struct Limits {
  double luma = 52;
  double chroma = 40;
};

void expect_close(const std::vector<double>& decibels, Limits limits = {}) {
  for (std::size_t c = 0; c < decibels.size(); ++c) {
    const double limit = c == 0 ? limits.luma : limits.chroma;
    ::testing::Test::RecordProperty("plane" + std::to_string(c), std::to_string(decibels[c]));
    EXPECT_GT(decibels[c], limit) << "plane " << c;
  }
}

using Geometry = std::tuple<Extent, Sampling>;

class ShrinkGeometryTest : public ::testing::TestWithParam<Geometry> {};

// Measured: luma 54 to 59 dB. Chroma 41 to 60: the least where subsampled chroma is hardly shrunk,
// as then the comparison is with libjpeg's upsampling and not with the photo.
TEST_P(ShrinkGeometryTest, MatchesAFullDecodeResizedInFloatingPoint) {
  const auto [extent, sampling] = GetParam();
  const auto decibels = psnr_of_photo(
      {.width = extent.width, .height = extent.height, .sampling = sampling, .quality = 92});
  ASSERT_EQ(decibels.size(), 3U);
  expect_close(decibels);
}

constexpr auto kSamplings = {Sampling::S444, Sampling::S422, Sampling::S420, Sampling::S440,
                             Sampling::S411};

INSTANTIATE_TEST_SUITE_P(MultiplesOfTheBlock, ShrinkGeometryTest,
                         ::testing::Combine(::testing::Values(Extent{2048, 1536},
                                                              Extent{1600, 1200}, Extent{640, 480},
                                                              Extent{448, 304}),
                                            ::testing::ValuesIn(kSamplings)));

// Sides that leave 1 to 7 pixels in the last block, and thumbnails with odd sides.
INSTANTIATE_TEST_SUITE_P(FractionsOfTheBlock, ShrinkGeometryTest,
                         ::testing::Combine(::testing::Values(Extent{2049, 1543}, Extent{1027, 771},
                                                              Extent{515, 773}, Extent{257, 257},
                                                              Extent{199, 133}),
                                            ::testing::ValuesIn(kSamplings)));

// Measured: 55 dB and more. Chroma out of its place gives 31 to 37.
constexpr Limits kInPlace{.luma = 53, .chroma = 55};

class ShrinkOrientationTest : public ::testing::TestWithParam<int> {};

TEST_P(ShrinkOrientationTest, OddThumbnailKeepsLumaAndChromaInPlace) {
  const auto decibels = psnr_of_photo(
      {.width = 1203, .height = 803, .quality = 92, .orientation = GetParam(), .seed = 7});
  ASSERT_EQ(decibels.size(), 3U);
  expect_close(decibels, kInPlace);
}

INSTANTIATE_TEST_SUITE_P(AllValues, ShrinkOrientationTest, ::testing::Range(1, 9));

TEST(ShrinkTest, SmallPhotoIsCopiedSampleForSample) {
  const auto file = test_photos::make_photo(
      {.width = 96, .height = 64, .sampling = Sampling::S420, .quality = 90});
  const auto decoded = test_photos::decode_photo(file, test_photos::Channels::YCbCr);
  const Picture picture = small_picture(file);
  ASSERT_EQ(picture.extent(), (Extent{96, 64}));
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 96; ++x) {
      ASSERT_EQ(picture.planes[0].row(y)[x], decoded.pixels.at(x, y)[0]) << x << "," << y;
    }
  }
}

TEST(ShrinkTest, GreyStaysOnePlane) {
  const auto decibels =
      psnr_of_photo({.width = 1500, .height = 1001, .coding = Coding::Grey, .quality = 92});
  ASSERT_EQ(decibels.size(), 1U);
  expect_close(decibels);
}

TEST(ShrinkTest, ProgressiveIsAsGoodAsBaseline) {
  expect_close(psnr_of_photo({.width = 1027, .height = 771, .progressive = true, .quality = 92}));
}

TEST(ShrinkTest, ArithmeticCodingAndRestartsAreAsGoodAsBaseline) {
  expect_close(psnr_of_photo(
      {.width = 1027, .height = 771, .arithmetic = true, .restart_interval = 7, .quality = 92}));
}

// The border must not lose its colour to what lies in the last block beyond the picture.
TEST(ShrinkTest, BorderOfAPhotoOneOverTheBlockKeepsItsColour) {
  Pixels photo{257, 257, std::vector<std::uint8_t>(std::size_t{257} * 257 * 3, 0)};
  for (int y = 0; y < 257; ++y) {
    for (int x = 0; x < 257; ++x) {
      const bool is_border = x < 11 || y < 11 || x >= 246 || y >= 246;
      photo.at(x, y)[0] = is_border ? 255 : 0;
    }
  }
  const auto file = test_photos::encode_photo(photo, {.sampling = Sampling::S444, .quality = 99});
  const auto decoded = test_photos::decode_photo(file, test_photos::Channels::YCbCr);
  auto decoder = JpegDecoder::open(file).value();
  const auto image = decoder.decode(choose_dct_scale({257, 257}, {32, 32}));
  Picture picture;
  const auto planes = shrink(image->planes, {.size = {32, 32}, .turn = {}}, Chroma::Halved);
  for (const auto& plane : *planes) {
    picture.planes.push_back(plane.samples);
  }
  // Measured: 48.7 dB in luma. A hard edge rings where only the lowest coefficients are read;
  // libjpeg's 2/8, which reads others too, gives more than 52.
  expect_close(psnr_of_planes(picture, decoded.pixels), {.luma = 48, .chroma = 40});
}

/// The mean difference of the picture from the drawing, in the same colours. What a full decoder
/// makes of them is not used: it leaves CMYK as it is.
double mean_error(Coding coding) {
  const auto drawn = test_photos::draw_photo(1024, 768, 3);
  const auto plain = test_photos::encode_photo(drawn, {.sampling = Sampling::S444, .quality = 97});
  const auto coded = test_photos::encode_photo(drawn, {.coding = coding, .quality = 97});
  const Picture expected = small_picture(plain);
  const Picture actual = small_picture(coded);
  double sum = 0;
  double count = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    for (int y = 0; y < expected.planes[c].height(); ++y) {
      for (int x = 0; x < expected.planes[c].width(); ++x) {
        sum += std::abs(expected.planes[c].row(y)[x] - actual.planes[c].row(y)[x]);
        ++count;
      }
    }
  }
  return sum / count;
}

class ShrinkEdgeFileTest : public ::testing::TestWithParam<std::string> {};

// Photos whose sides are no multiples of the block. Programs that round the extent of what a
// decoder has scaled come down to 34 dB.
TEST_P(ShrinkEdgeFileTest, MatchesAFullDecodeToTheFractionOfASample) {
  const auto path = std::filesystem::path(BULKHEAD_SHARED_DATA) / "edge" / GetParam();
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    GTEST_SKIP() << GetParam() << " is absent";
  }
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  const auto file = std::as_bytes(std::span(bytes));
  const auto decoded = test_photos::decode_photo(file, test_photos::Channels::YCbCr);
  EXPECT_GT(psnr_of_planes(small_picture(file), decoded.pixels).front(), 44);
}

INSTANTIATE_TEST_SUITE_P(FractionsOfTheBlock, ShrinkEdgeFileTest,
                         ::testing::Values("geometry/2569067123_aca715a2ee_o.jpg",
                                           "geometry/image00971.jpg",
                                           "orientation/exif_typeerror.jpg"),
                         [](const auto& file) {
                           std::string name = std::filesystem::path(file.param).stem();
                           std::erase(name, '_');
                           return name;
                         });

/// What resizing in light should give: each channel in floating point.
FloatPlane light_reference(const Pixels& rgb, std::size_t channel, Extent extent) {
  const auto to_light = [](double value) {
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  };
  const auto to_value = [](double light) {
    return light <= 0.0031308 ? light * 12.92 : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
  };
  const auto light = sampled({rgb.width, rgb.height},
                             [&](int x, int y) { return to_light(rgb.at(x, y)[channel] / 255.0); });
  const FloatPlane small =
      lanczos_reference(light, {0, 0, double(rgb.width), double(rgb.height)}, extent);
  return sampled(extent, [&](int x, int y) { return 255 * to_value(small.at(x, y)); });
}

// A bright line on black: between the two passes of the resizer, light is negative beside it.
TEST(ShrinkTest, LightIsMixedAsInFloatingPoint) {
  Pixels drawn = test_photos::draw_photo(301, 301, 5);
  for (int i = 0; i < 301; ++i) {
    std::fill_n(drawn.at(0, i), 3 * (i < 150 ? 301 : 100), std::uint8_t{4});
    std::fill_n(drawn.at(i, 300 - i), 3, std::uint8_t{255});
  }
  const auto file = test_photos::encode_photo(drawn, {.sampling = Sampling::S444, .quality = 98});
  const auto decoded = test_photos::decode_photo(file, test_photos::Channels::Rgb);
  auto decoder = JpegDecoder::open(file).value();
  DecodedPicture<std::uint8_t> stored(decoder.decode(8).value().planes,
                                      {.model = ColourModel::YCbCr});
  const auto small =
      stored.linearised().value().colours(lay_out({301, 301}, {.box = kBox})).value();
  for (std::size_t c = 0; c < small.planes.size(); ++c) {
    EXPECT_GT(psnr(light_reference(decoded.pixels, c, kBox),
                   [&](int x, int y) { return small.planes[c].row(y)[x] / 257.0; }),
              50)
        << c;
  }
}

TEST(ShrinkTest, RgbGivesTheSameColoursAsYCbCr) {
  EXPECT_LT(mean_error(Coding::Rgb), 1.0);
}

TEST(ShrinkTest, InkGivesTheSameColoursAsYCbCr) {
  EXPECT_LT(mean_error(Coding::Cmyk), 1.5);
  EXPECT_LT(mean_error(Coding::InvertedCmyk), 1.5);
  EXPECT_LT(mean_error(Coding::InvertedYcck), 1.5);
}

}  // namespace
}  // namespace bulkhead::imaging
