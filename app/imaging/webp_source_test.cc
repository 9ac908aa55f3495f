#include "imaging/webp_source.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <webp/encode.h>

#include "imaging/one_thumbnail.h"
#include "imaging/webp_chunks.h"
#include "imaging/with_metadata.h"
#include "photos/raster.h"

namespace bulkhead::imaging {
namespace {

using namespace std::string_view_literals;
using test_photos::Channels;
using test_photos::decode_photo;
using test_photos::draw_photo;
using test_photos::encode_raster;
using test_photos::Pixels;

using Bytes = std::vector<std::byte>;

constexpr Extent kSize{640, 421};

const Bytes& drawn() {
  static const Bytes file =
      encode_raster(draw_photo(kSize.width, kSize.height, 1), {.suffix = ".webp[Q=90]"});
  return file;
}

Bytes bytes_of(std::string_view text) {
  const auto view = std::as_bytes(std::span(text));
  return {view.begin(), view.end()};
}

Pixels pixels_of(const OneThumbnail& thumbnail) {
  return decode_photo(thumbnail.jpeg, Channels::Rgb).pixels;
}

// Black that nobody sees beside white that everybody does.
Bytes half_clear_white() {
  WebPConfig config;
  WebPConfigInit(&config);
  config.quality = 100;
  config.exact = 1;
  WebPPicture picture;
  WebPPictureInit(&picture);
  picture.use_argb = 1;
  picture.width = 301;
  picture.height = 40;
  WebPPictureAlloc(&picture);
  for (int y = 0; y < picture.height; ++y) {
    std::uint32_t* const row = picture.argb + y * picture.argb_stride;
    std::fill_n(row, 150, 0U);
    std::fill_n(row + 150, picture.width - 150, 0xFFFFFFFFU);
  }
  WebPMemoryWriter writer;
  WebPMemoryWriterInit(&writer);
  picture.writer = WebPMemoryWrite;
  picture.custom_ptr = &writer;
  EXPECT_EQ(WebPEncode(&config, &picture), 1);
  const auto written = std::as_bytes(std::span(writer.mem, writer.size));
  Bytes file(written.begin(), written.end());
  WebPMemoryWriterClear(&writer);
  WebPPictureFree(&picture);
  return file;
}

// The picture as the only one of an animation.
Bytes animated(const Bytes& still) {
  const auto picture = find_webp_chunk(still, "VP8 ");
  const auto number = [](std::size_t value, int bytes) {
    std::string text;
    for (int shift = 0; shift < 8 * bytes; shift += 8) {
      text += static_cast<char>(value >> shift);
    }
    return text;
  };
  const auto chunk = [&](const std::string& type, const std::string& payload) {
    return type + number(payload.size(), 4) + payload + std::string(payload.size() % 2, '\0');
  };
  const std::string size = number(kSize.width - 1, 3) + number(kSize.height - 1, 3);
  const std::string coded(reinterpret_cast<const char*>(picture.data()), picture.size());
  return bytes_of(chunk(
      "RIFF", "WEBP" + chunk("VP8X", number(2, 4) + size) + chunk("ANIM", number(0, 6)) +
                  chunk("ANMF", number(0, 6) + size + number(100, 4) + chunk("VP8 ", coded))));
}

TEST(WebpSourceTest, ShrinksByItselfWhileEnoughIsLeft) {
  const auto source = open_webp(drawn()).value();
  source->shrink_to({256, 170});
  EXPECT_EQ(source->header().size, (Extent{259, 170}));
  EXPECT_EQ(source->header().full_size, kSize);
  EXPECT_EQ(source->read_row().value().size(), 259U * 3);
}

TEST(WebpSourceTest, IsNotMadeLarger) {
  const auto source = open_webp(drawn()).value();
  source->shrink_to({2560, 1700});
  EXPECT_EQ(source->header().size, kSize);
}

TEST(WebpSourceTest, ColoursThatNobodySeesDoNotMixWithThoseBeside) {
  const Pixels pixels = pixels_of(make_thumbnail(half_clear_white(), {.quality = 100}).value());
  EXPECT_GT(*std::ranges::min_element(pixels.rgb), 235);
}

TEST(WebpSourceTest, CutOneShowsTheRowsThatCame) {
  Bytes file = drawn();
  file.resize(file.size() / 2);
  const OneThumbnail thumbnail = make_thumbnail(file, {.quality = 95}).value();
  EXPECT_EQ(thumbnail.damage, "premature end of file");
  const Pixels pixels = pixels_of(thumbnail);
  const Pixels whole = pixels_of(make_thumbnail(drawn(), {.quality = 95}).value());
  EXPECT_NEAR(pixels.at(64, 10)[2], whole.at(64, 10)[2], 12);
  EXPECT_NEAR(pixels.at(64, 82)[1], 128, 6);
}

TEST(WebpSourceTest, OneOfNoRowsIsAnErrorThatSaysWhy) {
  for (const std::size_t size : {16U, 25U, 60U}) {
    const auto thumbnail = make_thumbnail(std::span(drawn()).first(size));
    ASSERT_FALSE(thumbnail) << size;
    EXPECT_EQ(thumbnail.error().fault, ImageFault::Damaged);
    EXPECT_EQ(thumbnail.error().message, "premature end of file");
  }
  Bytes file = drawn();
  file[24] = std::byte{'?'};  // in the start code of the frame
  EXPECT_EQ(make_thumbnail(file).error().message, "its data is corrupt");
}

TEST(WebpSourceTest, ProfileAndExifAreFoundAlsoBehindTheStartOfASegment) {
  constexpr auto kExif = "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"sv;
  for (const std::string_view start : {""sv, "Exif\0\0"sv}) {
    const Bytes file = webp_with(drawn(), kSize,
                                 {.profile = bytes_of("profile"),
                                  .exif = bytes_of(std::string(start) + std::string(kExif))});
    const auto source = open_webp(file).value();
    EXPECT_EQ(source->header().orientation, 6);
    EXPECT_EQ(source->header().exif, bytes_of(kExif));
    EXPECT_EQ(source->header().profile, bytes_of("profile"));
  }
}

TEST(WebpSourceTest, AnimationsAreLeftToLibvips) {
  const Bytes file = animated(drawn());
  EXPECT_TRUE(is_animated_webp(file));
  EXPECT_FALSE(is_animated_webp(drawn()));
  const OneThumbnail thumbnail = make_thumbnail(file).value();
  EXPECT_EQ(thumbnail.decoder, "libvips webp");
  EXPECT_EQ(thumbnail.source, kSize);
  EXPECT_EQ(make_thumbnail(drawn()).value().decoder, "libwebp");
}

}  // namespace
}  // namespace bulkhead::imaging
