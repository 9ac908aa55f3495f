#include "vips/png_exif.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace bulkhead::vips {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

std::string exif_of(const std::string& png) {
  const auto payload = exif_chunk(std::as_bytes(std::span(png)));
  return {payload.begin(), payload.end()};
}

const std::string kSignature = "\x89PNG\r\n\x1A\n";
const std::string kEnd = "\0\0\0\0IEND\xAE\x42\x60\x82"s;

TEST(PngExifTest, ChunkIsFoundBehindOthers) {
  EXPECT_EQ(exif_of(kSignature + "\0\0\0\x02tEXtabCRC!"s +
                    "\0\0\0\x04"
                    "eXIfMM\0*CRC!"s +
                    kEnd),
            "MM\0*"s);
}

TEST(PngExifTest, NoneOrACutOneIsEmpty) {
  EXPECT_EQ(exif_of(kSignature + kEnd), "");
  EXPECT_EQ(exif_of(kSignature + "\0\0\0\x09"
                                 "eXIfMM\0*CRC!"s),
            "");
  EXPECT_EQ(exif_of(kSignature + "\xFF\xFF\xFF\xFFtEXtabCRC!" + kEnd), "");
  EXPECT_EQ(exif_of(""), "");
}

TEST(PngExifTest, RawProfileIsHexadecimal) {
  const std::vector<std::uint8_t> expected = {0x45, 0x78, 0x69, 0x66};
  EXPECT_EQ(raw_profile("\nexif\n       4\n4578\n6966\n"), expected);
  EXPECT_TRUE(raw_profile("\nexif\n       4\n45zz").empty());
  EXPECT_TRUE(raw_profile("exif").empty());
  EXPECT_TRUE(raw_profile("").empty());
}

}  // namespace
}  // namespace bulkhead::vips
