#include "imaging/jpeg_encoder.h"

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
  const auto file = encode_jpeg(colour_picture({33, 21}), 75);
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
  const auto file = encode_jpeg(std::move(picture), 75);
  ASSERT_TRUE(file);
  EXPECT_EQ(decode_photo(*file, Channels::YCbCr).components, 1);
}

TEST(JpegEncoderTest, QualityIsTheOneGiven) {
  const auto quantizer = [](int quality) {
    return decode_photo(encode_jpeg(colour_picture({16, 16}), quality).value(), Channels::Rgb)
        .luma_quantizer;
  };
  EXPECT_EQ(quantizer(50), 16);  // the tables of ITU-T T.81, K.1, unscaled
  EXPECT_EQ(quantizer(75), 8);
  EXPECT_EQ(quantizer(100), 1);
}

TEST(JpegEncoderTest, EverySizeUpToTwoBlocksComesBack) {
  for (int height = 1; height <= 17; ++height) {
    for (int width = 1; width <= 17; ++width) {
      const auto file = encode_jpeg(colour_picture({width, height}), 95);
      ASSERT_TRUE(file);
      const auto photo = decode_photo(*file, Channels::YCbCr);
      ASSERT_EQ(photo.pixels.width, width);
      ASSERT_EQ(photo.pixels.height, height);
      EXPECT_NEAR(photo.pixels.at(width - 1, height - 1)[0], 60 + width + height - 2, 3);
    }
  }
}

}  // namespace
}  // namespace bulkhead::imaging
