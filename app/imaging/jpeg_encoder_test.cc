#include "imaging/jpeg_encoder.h"

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "photos/photo.h"

namespace bulkhead::imaging {
namespace {

using test_photos::Channels;
using test_photos::decode_photo;

Plane ramp(Extent extent, int slope) {
  Plane plane(extent);
  for (int y = 0; y < extent.height; ++y) {
    for (int x = 0; x < extent.width; ++x) {
      plane.row(y)[x] = static_cast<std::uint8_t>(60 + slope * (x + y));
    }
  }
  return plane;
}

Picture colour_picture(Extent extent) {
  const Extent chroma = chroma_extent(extent);
  Picture picture;
  picture.planes = {ramp(extent, 1), ramp(chroma, 2), ramp(chroma, 1)};
  return picture;
}

TEST(JpegEncoderTest, WritesJfifWith420AndNothingElse) {
  const auto file = encode_jpeg(colour_picture({33, 21}), {.quality = 75});
  ASSERT_TRUE(file);
  const auto photo = decode_photo(*file, Channels::YCbCr);
  EXPECT_EQ(photo.components, 3);
  EXPECT_TRUE(photo.has_jfif);
  EXPECT_EQ(photo.metadata_segments, 0);
  EXPECT_EQ(photo.luma_factors, (std::array{2, 2}));
  EXPECT_EQ(photo.warnings, 0);
}

TEST(JpegEncoderTest, GreyIsOneComponent) {
  Picture picture;
  picture.planes.push_back(ramp({33, 21}, 2));
  const auto file = encode_jpeg(std::move(picture), {.quality = 75});
  ASSERT_TRUE(file);
  EXPECT_EQ(decode_photo(*file, Channels::YCbCr).components, 1);
}

TEST(JpegEncoderTest, SamplesAreWrittenAsTheyAre) {
  const auto drawn = test_photos::draw_photo(33, 21, 1);
  const auto samples = std::as_bytes(std::span(drawn.rgb));
  const auto decoded_of = [&](Chroma chroma) {
    return decode_photo(encode_jpeg(samples, {33, 21}, {.quality = 100, .chroma = chroma}).value(),
                        Channels::Rgb);
  };
  EXPECT_EQ(decoded_of(Chroma::Halved).luma_factors, (std::array{2, 2}));
  const auto full = decoded_of(Chroma::Full);
  EXPECT_EQ(full.luma_factors, (std::array{1, 1}));
  int largest = 0;
  for (std::size_t i = 0; i < drawn.rgb.size(); ++i) {
    largest = std::max(largest, std::abs(drawn.rgb[i] - full.pixels.rgb[i]));
  }
  EXPECT_LE(largest, 3);
  const auto grey = encode_jpeg(samples.first(33 * 21), {33, 21}, {});
  ASSERT_TRUE(grey);
  EXPECT_EQ(decode_photo(*grey, Channels::Rgb).components, 1);
}

TEST(JpegEncoderTest, QualityIsTheOneGiven) {
  const auto quantizer = [](int quality) {
    return decode_photo(encode_jpeg(colour_picture({16, 16}), {.quality = quality}).value(),
                        Channels::Rgb)
        .luma_quantizer;
  };
  EXPECT_EQ(quantizer(50), 16);  // the tables of ITU-T T.81, K.1, unscaled
  EXPECT_EQ(quantizer(75), 8);
  EXPECT_EQ(quantizer(100), 1);
}

TEST(JpegEncoderTest, EverySizeUpToTwoBlocksComesBack) {
  for (int height = 1; height <= 17; ++height) {
    for (int width = 1; width <= 17; ++width) {
      const auto file = encode_jpeg(colour_picture({width, height}), {.quality = 95});
      ASSERT_TRUE(file);
      const auto photo = decode_photo(*file, Channels::YCbCr);
      ASSERT_EQ(photo.pixels.width, width);
      ASSERT_EQ(photo.pixels.height, height);
      EXPECT_NEAR(photo.pixels.at(width - 1, height - 1)[0], 60 + width + height - 2, 3);
    }
  }
}

/// A 9 × 9 picture: the last column and row of one level, the rest of another.
Picture picture_with_edge(std::uint8_t level) {
  Plane plane({9, 9});
  for (int y = 0; y < 9; ++y) {
    std::fill_n(plane.row(y), 9, level);
    std::fill_n(plane.row(y), y < 8 ? 8 : 0, std::uint8_t{40});
  }
  Picture picture;
  picture.planes.push_back(std::move(plane));
  return picture;
}

// What lies beyond the picture in its last blocks must not ring into it: filled with the edge,
// these blocks are flat.
TEST(JpegEncoderTest, LastBlocksAreFilledWithTheEdge) {
  for (int level = 60; level < 250; level += 7) {
    const auto file =
        encode_jpeg(picture_with_edge(static_cast<std::uint8_t>(level)), {.quality = 50});
    const auto photo = decode_photo(file.value(), Channels::Rgb);
    for (int i = 0; i < 9; ++i) {
      EXPECT_NEAR(photo.pixels.at(8, i)[0], level, 2) << i;
      EXPECT_NEAR(photo.pixels.at(i, 8)[0], level, 2) << i;
    }
  }
}

}  // namespace
}  // namespace bulkhead::imaging
