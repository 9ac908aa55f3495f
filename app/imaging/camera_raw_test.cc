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

TEST(CameraRawTest, PreviewOfOtherProportionsThanTheLargestIsNotTaken) {
  const std::string framed = text_of(make_photo({.width = 160, .height = 120}));
  const std::string cropped = text_of(make_photo({.width = 1616, .height = 1080}));
  const std::string large = text_of(make_photo({.width = 2400, .height = 1600}));
  const std::string file = dng_header(1) + framed + large + cropped;
  EXPECT_EQ(static_cast<std::size_t>(find_preview(bytes_of(file), {128, 128}).data() -
                                     bytes_of(file).data()),
            file.find(cropped));
}

std::string box(std::string_view type, const std::string& content) {
  const std::size_t bytes = 8 + content.size();
  return "\0\0"s + static_cast<char>(bytes >> 8U) + static_cast<char>(bytes) + std::string(type) +
         content;
}

TEST(CameraRawTest, Cr3SaysItsOrientationInABoxOfCanon) {
  const std::string canon = "\x85\xC0\xB6\x87\x82\x0F\x11\xE0\x81\x11\xF4\xCE\x46\x2B\x6A\x48";
  const std::string start = box("ftyp", "crx \0\0\0\1"s);
  const std::string boxes = box("CNCV", "CanonCR3_001") + box("CMT1", dng_header(6));
  const std::string file = start + box("moov", box("uuid", std::string(16, 'x') + box("CMT1", "")) +
                                                   box("uuid", canon + boxes));
  EXPECT_EQ(raw_orientation(bytes_of(file)), 6);
  for (std::size_t size = 0; size < file.size(); ++size) {
    EXPECT_EQ(raw_orientation(bytes_of(file.substr(0, size))), 1) << size;
  }
  EXPECT_EQ(raw_orientation(bytes_of(start + box("moov", box("uuid", boxes)))), 1);
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
