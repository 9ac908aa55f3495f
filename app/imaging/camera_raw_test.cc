#include "imaging/camera_raw.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "imaging/one_thumbnail.h"
#include "photos/photo.h"

namespace bulkhead::imaging {
namespace {

using namespace std::string_view_literals;
using namespace std::string_literals;
using test_photos::make_photo;

std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

/// A TIFF whose first directory has the version of DNG and an orientation, as a DNG begins.
std::string dng_header(char orientation) {
  return "II*\0\x08\0\0\0\x02\0"s + "\x12\x01\x03\0\x01\0\0\0"s + orientation + "\0\0\0"s +
         "\x12\xC6\x01\0\x04\0\0\0\x01\x04\0\0"s + "\0\0\0\0"s;
}

// What lossless JPEG begins with, which holds the raw data of many cameras.
const std::string kLossless = "\xFF\xD8\xFF\xC3\0\x0B\x08\x10\0\x10\0\x01\x01\x11\0"s;

TEST(CameraRawTest, FirstBytesAndDirectoryTellRawFiles) {
  EXPECT_TRUE(is_camera_raw(bytes_of("II*\0\x10\0\0\0CR\x02\0"s)));
  EXPECT_TRUE(is_camera_raw(bytes_of("FUJIFILMCCD-RAW 0201"s)));
  EXPECT_TRUE(
      is_camera_raw(bytes_of("\0\0\0\x18"
                             "ftypcrx "s)));
  EXPECT_TRUE(is_camera_raw(bytes_of(dng_header(1))));
  EXPECT_FALSE(is_camera_raw(bytes_of("II*\0\x08\0\0\0\0\0"s)));
  EXPECT_FALSE(is_camera_raw(bytes_of("II*\0\xFF\xFF\xFF\xFF"s)));
  EXPECT_FALSE(is_camera_raw(bytes_of(""s)));
}

TEST(CameraRawTest, SmallestPreviewThatSufficesIsTaken) {
  const std::string small = text_of(make_photo({.width = 160, .height = 120}));
  const std::string middle = text_of(make_photo({.width = 640, .height = 480}));
  const std::string large = text_of(make_photo({.width = 1600, .height = 1200}));
  const std::string file = dng_header(1) + kLossless + large + small + middle;
  const auto found_at = [&](int side) {
    return static_cast<std::size_t>(find_preview(bytes_of(file), {side, side}).data() -
                                    bytes_of(file).data());
  };
  EXPECT_EQ(found_at(128), file.find(small));
  EXPECT_EQ(found_at(200), file.find(middle));
  EXPECT_EQ(found_at(700), file.find(large));
  EXPECT_EQ(found_at(5000), file.find(large));
  EXPECT_TRUE(find_preview(bytes_of(dng_header(1) + kLossless), {1, 1}).empty());
}

TEST(CameraRawTest, SearchAmongStartsThatLeadThroughOneAnotherIsGivenUp) {
  std::string file = dng_header(1) + "\xFF\xD8";
  for (int i = 0; i < 20'000; ++i) {
    file += "\xFF\xE0\0\x04\xFF\xD8"s;
  }
  file += text_of(make_photo({.width = 160, .height = 120}));
  EXPECT_TRUE(find_preview(bytes_of(file), {128, 128}).empty());
}

TEST(CameraRawTest, ThumbnailIsThatOfThePreviewTurnedAsTheRawFileSays) {
  const std::string file = dng_header(6) + text_of(make_photo({.width = 640, .height = 480}));
  const auto made = make_thumbnail(bytes_of(file));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->decoder, "thumbjpeg 4/8 preview");
  EXPECT_EQ(made->orientation, 6);
  EXPECT_EQ(made->size, (Extent{96, 128}));
}

TEST(CameraRawTest, RawFileWithoutPreviewIsNotSupported) {
  const auto made = make_thumbnail(bytes_of(dng_header(1) + kLossless));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().fault, ImageFault::Unsupported);
  EXPECT_EQ(made.error().message, "camera raw without a preview");
}

}  // namespace
}  // namespace bulkhead::imaging
