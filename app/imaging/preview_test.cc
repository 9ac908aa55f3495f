// Thumbnails of the small pictures that files hold beside their photos.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "imaging/exif.h"
#include "imaging/picture_header.h"
#include "imaging/thumbnail.h"
#include "photos/photo.h"

namespace bulkhead::imaging {
namespace {

using Octets = std::vector<std::uint8_t>;

void add_number(Octets& bytes, std::uint32_t value, int count) {
  for (int i = 0; i < count; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
}

void add_entry(Octets& bytes, std::uint32_t tag, std::uint32_t value) {
  constexpr std::uint32_t kLong = 4;
  add_number(bytes, tag, 2);
  add_number(bytes, kLong, 2);
  add_number(bytes, 1, 4);
  add_number(bytes, value, 4);
}

/// The payload of an EXIF segment: the orientation, and a preview in the second directory.
Octets exif_with(const Octets& preview, std::uint32_t orientation) {
  constexpr std::uint32_t kSecond = 8 + 2 + 12 + 4;
  constexpr std::uint32_t kPreview = kSecond + 2 + 24 + 4;
  Octets bytes = {'E', 'x', 'i', 'f', 0, 0, 'I', 'I', 42, 0};
  add_number(bytes, 8, 4);
  add_number(bytes, 1, 2);
  add_entry(bytes, 0x0112, orientation);
  add_number(bytes, kSecond, 4);
  add_number(bytes, 2, 2);
  add_entry(bytes, 0x0201, kPreview);
  add_entry(bytes, 0x0202, static_cast<std::uint32_t>(preview.size()));
  add_number(bytes, 0, 4);
  bytes.insert(bytes.end(), preview.begin(), preview.end());
  return bytes;
}

std::vector<std::byte> photo_with(const Octets& preview, std::uint32_t orientation = 1) {
  Octets photo = test_photos::make_photo_bytes({.width = 1200, .height = 800, .seed = 1});
  const Octets exif = exif_with(preview, orientation);
  Octets segment = {0xFF, 0xE1};
  const std::size_t length = exif.size() + 2;
  segment.push_back(static_cast<std::uint8_t>(length >> 8));
  segment.push_back(static_cast<std::uint8_t>(length));
  segment.insert(segment.end(), exif.begin(), exif.end());
  photo.insert(photo.begin() + 2, segment.begin(), segment.end());
  std::vector<std::byte> bytes(photo.size());
  std::ranges::transform(photo, bytes.begin(), [](std::uint8_t byte) { return std::byte{byte}; });
  return bytes;
}

Octets preview_of(int width, int height) {
  return test_photos::make_photo_bytes({.width = width, .height = height, .seed = 1});
}

Thumbnails made_of(const std::vector<std::byte>& file, PictureSource from = PictureSource::Preview,
                   int side = 128) {
  auto made = make_thumbnails(file, {.sizes = {{.box = {side, side}}}, .from = from});
  EXPECT_TRUE(made) << made.error().message;
  return std::move(*made);
}

TEST(ExifTest, PreviewIsThatOfTheSecondDirectoryAsFarAsItIsThere) {
  const Octets preview = {0xFF, 0xD8, 0xFF, 0xD9};
  const Octets exif = exif_with(preview, 6);
  const auto found = exif_preview(exif);
  EXPECT_EQ(Octets(found.begin(), found.end()), preview);
  EXPECT_EQ(exif_preview(std::span(exif).first(exif.size() - 1)).size(), 3U);
  EXPECT_TRUE(exif_preview(std::span(exif).first(40)).empty());
  EXPECT_TRUE(exif_preview({}).empty());
}

TEST(PreviewTest, StandsForThePhotoOnlyWhenAskedFor) {
  const auto file = photo_with(preview_of(160, 107), 6);
  const Thumbnails quick = made_of(file);
  EXPECT_EQ(quick.decoder, "libjpeg 8/8 preview");
  EXPECT_EQ(quick.source, (Extent{800, 1200}));
  EXPECT_EQ(quick.made.at(0).size, (Extent{85, 128}));
  EXPECT_EQ(quick.orientation, 6);
  const Thumbnails whole = made_of(file, PictureSource::Photo);
  EXPECT_EQ(whole.made.at(0).size, (Extent{85, 128}));
  EXPECT_EQ(whole.decoder.find("preview"), std::string::npos) << whole.decoder;
}

TEST(PreviewTest, OneThatIsTooSmallBarredOrBrokenIsLeftOut) {
  Octets broken = preview_of(160, 107);
  broken.resize(broken.size() / 2);
  for (const Octets& preview :
       {preview_of(120, 80), preview_of(160, 120), broken, Octets{0xFF, 0xD8}, Octets{}}) {
    EXPECT_EQ(made_of(photo_with(preview)).decoder.find("preview"), std::string::npos);
  }
  EXPECT_EQ(made_of(photo_with(preview_of(160, 107)), PictureSource::Preview, 200)
                .decoder.find("preview"),
            std::string::npos);
}

TEST(PreviewTest, LimitsAreThoseOfItsPhotoToo) {
  const auto file = photo_with(preview_of(160, 107));
  const auto fault_of = [&](const ThumbnailOptions& options) {
    const auto made = make_thumbnails(file, options);
    return made ? std::nullopt : std::optional(made.error().fault);
  };
  const std::vector<SizeRule> small = {{.box = {32, 32}}};
  EXPECT_EQ(fault_of({.sizes = small, .from = PictureSource::Preview}), std::nullopt);
  EXPECT_EQ(
      fault_of({.sizes = small, .max_pixels = 1200 * 800 - 1, .from = PictureSource::Preview}),
      ImageFault::TooLarge);
  EXPECT_EQ(fault_of({.sizes = small, .from = PictureSource::Preview, .max_output_pixels = 100}),
            ImageFault::TooLarge);
}

TEST(PreviewTest, OfHeifIsReadInPlaceOfThePhoto) {
  const std::string path = std::string(BULKHEAD_SHARED_DATA) + "/edge/formats/IMG_1034.heic";
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    GTEST_SKIP() << path << " is not there";
  }
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  std::vector<std::byte> file(text.size());
  std::ranges::transform(text, file.begin(), [](char c) { return static_cast<std::byte>(c); });
  const Thumbnails quick = made_of(file);
  const Thumbnails whole = made_of(file, PictureSource::Photo);
  EXPECT_EQ(quick.source, whole.source);
  EXPECT_EQ(quick.made.at(0).size, whole.made.at(0).size);
  EXPECT_EQ(quick.decoder, "libvips heif preview");
  EXPECT_EQ(whole.decoder, "libvips heif");
}

TEST(PreviewTest, PhotoThatIsLeftAsItIsStoredSaysHowItIsToBeTurned) {
  const auto file = photo_with(preview_of(160, 107), 6);
  const auto orientation_of = [&](Turning turning) {
    const auto made = make_thumbnails(file, {.turning = turning, .kept = {.exif = KeptExif::All}});
    return read_picture_header(made->made.at(0).bytes)->orientation;
  };
  EXPECT_EQ(orientation_of(Turning::AsStored), 6);
  EXPECT_EQ(orientation_of(Turning::Upright), 1);
}

}  // namespace
}  // namespace bulkhead::imaging
