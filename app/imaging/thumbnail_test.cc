#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "imaging/one_thumbnail.h"
#include "photos/photo.h"

namespace bulkhead::imaging {
namespace {

using test_photos::Channels;
using test_photos::Coding;
using test_photos::decode_photo;
using test_photos::encode_photo;
using test_photos::make_photo;
using test_photos::PhotoOptions;
using test_photos::Pixels;
using test_photos::Sampling;

using Bytes = std::vector<std::byte>;

OneThumbnail thumbnail_of(const PhotoOptions& photo, const OneOptions& options = {}) {
  return make_thumbnail(make_photo(photo), options).value();
}

Extent extent_of(const Pixels& pixels) {
  return {pixels.width, pixels.height};
}

/// Mean difference of two pictures of one extent, over all channels.
double mean_difference(const Pixels& one, const Pixels& other) {
  double sum = 0;
  for (std::size_t i = 0; i < one.rgb.size(); ++i) {
    sum += std::abs(one.rgb[i] - other.rgb[i]);
  }
  return sum / static_cast<double>(one.rgb.size());
}

TEST(ThumbnailTest, FitsTheBoxAndTellsWhatItDid) {
  const OneThumbnail thumbnail = thumbnail_of({.width = 1000, .height = 700});
  EXPECT_EQ(thumbnail.source, (Extent{1000, 700}));
  EXPECT_EQ(thumbnail.size, (Extent{128, 90}));
  EXPECT_EQ(thumbnail.decoder, "thumbjpeg 2/8");
  EXPECT_EQ(thumbnail.orientation, 1);
  EXPECT_EQ(thumbnail.damage, "");
  EXPECT_EQ(extent_of(decode_photo(thumbnail.jpeg, Channels::Rgb).pixels), thumbnail.size);
}

TEST(ThumbnailTest, WhatIsToBeRgbHasItsChromaEnlargedSmoothlyFirst) {
  const Bytes photo = make_photo({.width = 300, .height = 200, .sampling = Sampling::S420});
  const auto made = make_thumbnails(
      photo, {.sizes = {{.box = {300, 200}}}, .encoding = {.format = OutputFormat::Samples}});
  const Bytes& samples = made.value().made[0].bytes;
  const Pixels expected = decode_photo(photo, Channels::Rgb).pixels;
  ASSERT_EQ(samples.size(), expected.rgb.size());
  int largest = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    largest = std::max(largest, std::abs(std::to_integer<int>(samples[i]) - expected.rgb[i]));
  }
  EXPECT_LE(largest, 1);
}

TEST(ThumbnailTest, BoxOfAnyShapeIsKept) {
  const PhotoOptions photo{.width = 1000, .height = 700};
  EXPECT_EQ(thumbnail_of(photo, {.box = {400, 100}}).size, (Extent{143, 100}));
  EXPECT_EQ(thumbnail_of(photo, {.box = {50, 4000}}).size, (Extent{50, 35}));
  EXPECT_EQ(thumbnail_of(photo, {.box = {1, 1}}).size, (Extent{1, 1}));
  EXPECT_EQ(thumbnail_of(photo, {.box = {0, 0}}).size, (Extent{1, 1}));
}

TEST(ThumbnailTest, SmallPhotoIsNotEnlargedButTurned) {
  const OneThumbnail thumbnail = thumbnail_of({.width = 81, .height = 121, .orientation = 6});
  EXPECT_EQ(thumbnail.size, (Extent{81, 121}));
  EXPECT_EQ(thumbnail.orientation, 6);
}

TEST(ThumbnailTest, EveryOrientationIsShownUpright) {
  const PhotoOptions upright{.width = 900, .height = 601, .quality = 92};
  const auto expected = decode_photo(thumbnail_of(upright).jpeg, Channels::Rgb).pixels;
  for (int orientation = 1; orientation <= 8; ++orientation) {
    PhotoOptions options = upright;
    options.orientation = orientation;
    const OneThumbnail thumbnail = thumbnail_of(options);
    ASSERT_EQ(thumbnail.source, (Extent{900, 601})) << orientation;
    ASSERT_EQ(thumbnail.size, (Extent{128, 85})) << orientation;
    const auto actual = decode_photo(thumbnail.jpeg, Channels::Rgb).pixels;
    EXPECT_LT(mean_difference(expected, actual), 3.0) << orientation;
  }
}

TEST(ThumbnailTest, CarriesNoMetadata) {
  const OneThumbnail thumbnail = thumbnail_of({.width = 300, .height = 200, .orientation = 6});
  const auto photo = decode_photo(thumbnail.jpeg, Channels::Rgb);
  EXPECT_EQ(photo.metadata_segments, 0);
  EXPECT_TRUE(photo.has_jfif);
}

TEST(ThumbnailTest, GreyStaysGreyAndInkBecomesColour) {
  const auto components_of = [](Coding coding) {
    const OneThumbnail thumbnail = thumbnail_of({.width = 300, .height = 200, .coding = coding});
    return decode_photo(thumbnail.jpeg, Channels::Rgb).components;
  };
  EXPECT_EQ(components_of(Coding::Grey), 1);
  EXPECT_EQ(components_of(Coding::Cmyk), 3);
  EXPECT_EQ(components_of(Coding::InvertedYcck), 3);
}

Bytes one_colour(Extent extent, std::uint8_t value) {
  const auto count =
      static_cast<std::size_t>(extent.width) * static_cast<std::size_t>(extent.height);
  return encode_photo({extent.width, extent.height, std::vector<std::uint8_t>(count * 3, value)},
                      {});
}

/// The photo with an EXIF segment whose second directory holds a preview (EXIF 2.3, 4.5.5).
Bytes with_preview(const Bytes& photo, const Bytes& preview) {
  constexpr std::uint32_t kPreviewOffset = 8 + 6 + 30;
  Bytes segment;
  const auto put = [&](std::uint32_t number, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      segment.push_back(static_cast<std::byte>(number >> shift));
    }
  };
  put(0xFFE1, 2);
  put(static_cast<std::uint32_t>(2 + 6 + kPreviewOffset + preview.size()), 2);
  put(0x45786966, 4);  // Exif
  put(0, 2);
  put(0x4D4D002A, 4);
  put(8, 4);
  put(0, 2);  // No entries; the second directory follows.
  put(14, 4);
  put(2, 2);
  for (const auto& [tag, value] :
       {std::pair{0x0201U, kPreviewOffset}, std::pair{0x0202U, std::uint32_t(preview.size())}}) {
    put(tag, 2);
    put(4, 2);
    put(1, 4);
    put(value, 4);
  }
  put(0, 4);
  segment.insert(segment.end(), preview.begin(), preview.end());
  Bytes file = photo;
  file.insert(file.begin() + 2, segment.begin(), segment.end());
  return file;
}

// Previews are often those of the photo before it was cut or corrected.
TEST(ThumbnailTest, PreviewInExifIsNotThePhoto) {
  const Bytes file = with_preview(one_colour({640, 480}, 0), one_colour({160, 120}, 255));
  const OneThumbnail thumbnail = make_thumbnail(file).value();
  EXPECT_EQ(thumbnail.size, (Extent{128, 96}));
  EXPECT_LT(decode_photo(thumbnail.jpeg, Channels::Rgb).pixels.at(64, 48)[0], 5);
}

TEST(ThumbnailTest, OnlyTheFirstPictureOfAFileCounts) {
  auto file = make_photo({.width = 300, .height = 200});
  const OneThumbnail alone = make_thumbnail(file).value();
  const auto second = make_photo({.width = 50, .height = 90, .seed = 9});
  file.insert(file.end(), second.begin(), second.end());
  const OneThumbnail first = make_thumbnail(file).value();
  EXPECT_EQ(first.jpeg, alone.jpeg);
  EXPECT_EQ(first.damage, "");
}

TEST(ThumbnailTest, SameFileGivesTheSameBytes) {
  const PhotoOptions photo{.width = 777, .height = 555, .sampling = Sampling::S422};
  const OneThumbnail first = thumbnail_of(photo);
  for (int width = 200; width < 500; ++width) {
    thumbnail_of({.width = width, .height = 40});  // pushes the prepared geometry out
  }
  EXPECT_EQ(thumbnail_of(photo).jpeg, first.jpeg);
}

TEST(ThumbnailTest, PictureBehindJunkIsShown) {
  auto file = make_photo({.width = 320, .height = 240});
  const auto clean = make_thumbnail(file);
  const std::string junk = "HTTP/1.1 200 OK";
  const auto bytes = std::as_bytes(std::span(junk));
  file.insert(file.begin(), bytes.begin(), bytes.end());
  const auto thumbnail = make_thumbnail(file);
  ASSERT_TRUE(thumbnail) << thumbnail.error().message;
  EXPECT_EQ(thumbnail->jpeg, clean->jpeg);
  EXPECT_EQ(thumbnail->damage, "");
}

TEST(ThumbnailTest, DamageIsNamedAndTheRestShown) {
  auto file = make_photo({.width = 800, .height = 600});
  file.resize(file.size() * 2 / 3);
  const auto thumbnail = make_thumbnail(file);
  ASSERT_TRUE(thumbnail);
  EXPECT_EQ(thumbnail->size, (Extent{128, 96}));
  EXPECT_EQ(thumbnail->damage, "premature end of file");
}

TEST(ThumbnailTest, NothingToShowIsAnError) {
  const auto thumbnail = make_thumbnail(Bytes(100));
  ASSERT_FALSE(thumbnail);
  EXPECT_EQ(thumbnail.error().fault, ImageFault::NotAnImage);
  EXPECT_EQ(thumbnail.error().message, "not an image of a known format");
}

TEST(ThumbnailTest, MorePixelsThanAllowedAreTooLarge) {
  const auto file = make_photo({.width = 300, .height = 200});
  EXPECT_TRUE(make_thumbnail(file, {.max_pixels = 60'000}));
  const auto refused = make_thumbnail(file, {.max_pixels = 59'999});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, ImageFault::TooLarge);
  EXPECT_EQ(refused.error().message, "image of 300x200 pixels, more than the limit of 59999");
}

TEST(ThumbnailTest, LimitOfDecodedPixelsCountsAfterShrinking) {
  const auto file = make_photo({.width = 2048, .height = 1024});
  EXPECT_TRUE(make_thumbnail(file, {.max_decoded_pixels = 256 * 128}));
  const auto refused = make_thumbnail(file, {.box = {135, 135}, .max_decoded_pixels = 256 * 128});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, ImageFault::TooLarge);
}

TEST(ThumbnailTest, EverySmallSizeGivesItsOwnSize) {
  for (int height = 1; height <= 9; ++height) {
    for (int width = 1; width <= 20; ++width) {
      const OneThumbnail thumbnail = thumbnail_of({.width = width, .height = height});
      EXPECT_EQ(thumbnail.size, (Extent{width, height}));
      EXPECT_EQ(thumbnail.damage, "");
    }
  }
}

TEST(ThumbnailTest, ExtremeProportionsKeepOnePixel) {
  EXPECT_EQ(thumbnail_of({.width = 5125, .height = 7}).size, (Extent{128, 1}));
  EXPECT_EQ(thumbnail_of({.width = 3, .height = 7000}).size, (Extent{1, 128}));
  EXPECT_EQ(thumbnail_of({.width = 1, .height = 7000, .coding = Coding::Cmyk}).size,
            (Extent{1, 128}));
}

// Pixels as most programs see them, without the resizer's part in it.
TEST(ThumbnailTest, InRgbChromaIsEnlargedSmoothly) {
  const auto file = test_photos::make_photo({.width = 61, .height = 47});
  const auto plain = test_photos::decode_photo(file, test_photos::Channels::Rgb);
  const auto made = make_thumbnails(file, {.sizes = {{.box = {61, 47}}},
                                           .encoding = {.format = OutputFormat::Samples},
                                           .colours = ResizedIn::Rgb});
  ASSERT_TRUE(made);
  const auto& samples = made->made.front().bytes;
  ASSERT_EQ(samples.size(), plain.pixels.rgb.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    ASSERT_EQ(std::to_integer<int>(samples[i]), plain.pixels.rgb[i]) << i;
  }
}

TEST(ThumbnailTest, InRgbDamagedPhotosShowWhatCanBeRead) {
  auto file = test_photos::make_photo({.width = 200, .height = 200, .progressive = true});
  file.resize(file.size() * 2 / 3);
  const auto made = make_thumbnails(file, {.sizes = {{.box = {200, 200}}},
                                           .encoding = {.format = OutputFormat::Samples},
                                           .colours = ResizedIn::Rgb});
  ASSERT_TRUE(made);
  EXPECT_NE(made->damage, "");
  EXPECT_EQ(made->made.front().bytes.size(), 200U * 200 * 3);
}

TEST(ThumbnailTest, DecodedInFullWhereThatIsAskedFor) {
  const auto file = test_photos::make_photo({.width = 1600, .height = 1200});
  ThumbnailOptions options;
  EXPECT_EQ(make_thumbnails(file, options)->decoder, "thumbjpeg 2/8");
  options.decoding = Decoding::Full;
  EXPECT_EQ(make_thumbnails(file, options)->decoder, "libjpeg 8/8");
}

}  // namespace
}  // namespace bulkhead::imaging
