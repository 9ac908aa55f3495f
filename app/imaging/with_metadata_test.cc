#include "imaging/with_metadata.h"

#include <cstring>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "imaging/one_thumbnail.h"
#include "photos/raster.h"

namespace bulkhead::imaging {
namespace {

using namespace std::string_view_literals;

using Bytes = std::vector<std::byte>;

Bytes bytes_of(std::string_view text) {
  const auto view = std::as_bytes(std::span(text));
  return {view.begin(), view.end()};
}

std::string_view text_of(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Bytes thumbnail(OutputFormat format, int alpha = -1) {
  const auto photo = test_photos::encode_raster(test_photos::draw_photo(61, 40, 1),
                                                {.suffix = ".png", .alpha = alpha});
  return make_thumbnails(photo, {.encoding = {.format = format}}).value().made[0].bytes;
}

/// An orientation, which shows whether a reader finds the structure.
Bytes exif_of(char orientation) {
  Bytes exif = bytes_of("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0?\0\0\0\0\0\0"sv);
  exif[19] = static_cast<std::byte>(orientation);
  return exif;
}

TEST(WithMetadataTest, EveryReaderFindsTheExif) {
  const Metadata metadata{.exif = exif_of(6)};
  for (const int alpha : {-1, 100}) {
    const Bytes png = png_with(thumbnail(OutputFormat::Png, alpha), metadata);
    const Bytes webp = webp_with(thumbnail(OutputFormat::Webp, alpha), {61, 40}, metadata);
    for (const Bytes& file : {png, webp}) {
      const auto read = make_thumbnails(file);
      ASSERT_TRUE(read) << read.error().message;
      EXPECT_EQ(read->orientation, 6);
      EXPECT_EQ(read->source, (Extent{40, 61}));
      EXPECT_EQ(read->damage, "");
    }
  }
  const auto jpeg = make_thumbnails(jpeg_with(thumbnail(OutputFormat::Jpeg), metadata)).value();
  EXPECT_EQ(jpeg.orientation, 6);
}

TEST(WithMetadataTest, TransparencyStaysWhatItWas) {
  const Metadata metadata{.exif = exif_of(1)};
  const auto samples = [](const Bytes& file) {
    return make_thumbnails(file, {.encoding = {.format = OutputFormat::Samples}, .background = {}})
        .value()
        .made[0]
        .bytes;
  };
  const Bytes webp = thumbnail(OutputFormat::Webp, 100);
  EXPECT_EQ(samples(webp_with(webp, {61, 40}, metadata)), samples(webp));
}

TEST(WithMetadataTest, ProfileOfManySegmentsComesBackWhole) {
  Bytes profile(150'000);
  for (std::size_t i = 0; i < profile.size(); ++i) {
    profile[i] = static_cast<std::byte>(i * i >> 7U);
  }
  const Bytes jpeg = jpeg_with(thumbnail(OutputFormat::Jpeg), {.profile = profile});
  EXPECT_EQ(jpeg.size() - thumbnail(OutputFormat::Jpeg).size(), profile.size() + 3 * 18);
  EXPECT_NE(text_of(jpeg).find("ICC_PROFILE\0\x03\x03"sv), std::string_view::npos);
}

TEST(WithMetadataTest, ExifThatIsTooLongForASegmentIsLeftOut) {
  const Bytes plain = thumbnail(OutputFormat::Jpeg);
  EXPECT_EQ(jpeg_with(plain, {.exif = Bytes(65'528)}), plain);
  EXPECT_EQ(jpeg_with(plain, {.exif = Bytes(65'527)}).size(), plain.size() + 65'537);
}

TEST(WithMetadataTest, WebpWithoutAnyIsItsPictureAlone) {
  const Bytes opaque = thumbnail(OutputFormat::Webp);
  EXPECT_EQ(text_of(opaque).substr(12, 4), "VP8 ");
  EXPECT_EQ(text_of(opaque).find("EXIF"), std::string_view::npos);
  const Bytes clear = thumbnail(OutputFormat::Webp, 100);
  EXPECT_EQ(text_of(clear).substr(12, 4), "VP8X");
  EXPECT_EQ(text_of(clear).find("EXIF"), std::string_view::npos);
}

TEST(WithMetadataTest, NothingChangesNothing) {
  const Bytes jpeg = thumbnail(OutputFormat::Jpeg);
  EXPECT_EQ(jpeg_with(jpeg, {}), jpeg);
  const Bytes png = thumbnail(OutputFormat::Png);
  EXPECT_EQ(png_with(png, {}), png);
  const Bytes webp = thumbnail(OutputFormat::Webp);
  EXPECT_EQ(webp_with(webp, {61, 40}, {}), webp);
}

}  // namespace
}  // namespace bulkhead::imaging
