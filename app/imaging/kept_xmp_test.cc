#include "imaging/kept_xmp.h"

#include <string>

#include <gtest/gtest.h>

namespace bulkhead::imaging {
namespace {

std::string kept(const std::string& xmp) {
  const auto bytes = xmp_of_thumbnail(std::as_bytes(std::span(xmp)));
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(KeptXmpTest, SaysThatTheThumbnailStandsUpright) {
  EXPECT_EQ(kept("<a tiff:Orientation=\"6\" tiff:Make='8'/>"),
            "<a tiff:Orientation=\"1\" tiff:Make='8'/>");
  EXPECT_EQ(kept("<tiff:Orientation>8</tiff:Orientation>"),
            "<tiff:Orientation>1</tiff:Orientation>");
  EXPECT_EQ(kept("a tiff:Orientation = '3'"), "a tiff:Orientation = '1'");
}

TEST(KeptXmpTest, IsOtherwiseWhatItWas) {
  for (const char* xmp : {"", "text", "tiff:Orientation", "tiff:Orientation=\"left\"", "\xFF 6"}) {
    EXPECT_EQ(kept(xmp), xmp);
  }
}

}  // namespace
}  // namespace bulkhead::imaging
