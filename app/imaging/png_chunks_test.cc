#include "imaging/png_chunks.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace bulkhead::imaging {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

std::string exif_of(const std::string& png) {
  const auto payload = find_chunk(std::as_bytes(std::span(png)), "eXIf");
  return {reinterpret_cast<const char*>(payload.data()), payload.size()};
}

const std::string kSignature = "\x89PNG\r\n\x1A\n";
const std::string kEnd = "\0\0\0\0IEND\xAE\x42\x60\x82"s;

TEST(PngChunksTest, OneIsFoundBehindOthers) {
  EXPECT_EQ(exif_of(kSignature + "\0\0\0\x02tEXtabCRC!"s +
                    "\0\0\0\x04"
                    "eXIfMM\0*CRC!"s +
                    kEnd),
            "MM\0*"s);
}

TEST(PngChunksTest, NoneOrACutOneIsEmpty) {
  EXPECT_EQ(exif_of(kSignature + kEnd), "");
  EXPECT_EQ(exif_of(kSignature + "\0\0\0\x09"
                                 "eXIfMM\0*CRC!"s),
            "");
  EXPECT_EQ(exif_of(kSignature + "\xFF\xFF\xFF\xFFtEXtabCRC!" + kEnd), "");
  EXPECT_EQ(exif_of(""), "");
}

}  // namespace
}  // namespace bulkhead::imaging
