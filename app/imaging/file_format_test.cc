#include "imaging/file_format.h"

#include <string_view>

#include <gtest/gtest.h>

namespace bulkhead::imaging {
namespace {

using namespace std::string_view_literals;

std::optional<FileFormat> format(std::string_view bytes) {
  return format_of(std::as_bytes(std::span(bytes)));
}

TEST(FileFormatTest, FirstBytesTellTheFormat) {
  EXPECT_EQ(format("\xFF\xD8\xFF\xE0"), FileFormat::Jpeg);
  EXPECT_EQ(format("\x89PNG\r\n\x1A\n...."), FileFormat::Png);
  EXPECT_EQ(format("GIF89a"), FileFormat::Gif);
  EXPECT_EQ(format("RIFF\x10\0\0\0WEBPVP8L"sv), FileFormat::Webp);
  EXPECT_EQ(format("II*\0"sv), FileFormat::Tiff);
  EXPECT_EQ(format("MM\0*"sv), FileFormat::Tiff);
  EXPECT_EQ(format("\0\0\0\x18"
                   "ftypheic"sv),
            FileFormat::Heif);
  EXPECT_EQ(format("\0\0\0\x18"
                   "ftypavif"sv),
            FileFormat::Heif);
  EXPECT_EQ(format("BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"sv), FileFormat::Bmp);
  EXPECT_EQ(format("P5\n2 2 65535\n"), FileFormat::Pnm);
}

TEST(FileFormatTest, OtherBytesAreNoFormat) {
  for (const std::string_view bytes :
       {""sv, "B"sv, "BM is the beginning"sv, "P7\n"sv,
        "\0\0\0\x18"
        "ftypisom"sv,
        "RIFF\x10\0\0\0WAVEfmt "sv, "GIF88a"sv, "\x89PNG"sv, "no image at all"sv}) {
    EXPECT_EQ(format(bytes), std::nullopt) << bytes;
  }
}

TEST(FileFormatTest, JpegMayBeginBehindJunk) {
  EXPECT_EQ(format("junk\0\0\xFF\xD8\xFF\xE0"sv), FileFormat::Jpeg);
  EXPECT_EQ(format("\xFF\xD8"), FileFormat::Jpeg);
}

}  // namespace
}  // namespace bulkhead::imaging
