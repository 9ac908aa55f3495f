#include "imaging/png_text.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "imaging/thumbnail.h"

namespace bulkhead::imaging {
namespace {

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(PngTextTest, TextsStandBehindTheHeaderWithTheirChecksums) {
  using namespace std::string_view_literals;
  const std::string with = text_of(with_texts(empty_png(), {{"Software", "me"}}));
  const std::string without = text_of(empty_png());
  EXPECT_EQ(with.substr(0, 33), without.substr(0, 33));
  // The checksum is that of zlib's crc32().
  EXPECT_EQ(with.substr(33, 23), "\0\0\0\013tEXtSoftware\000me\244\371\376\106"sv);
  EXPECT_EQ(with.substr(56), without.substr(33));
}

TEST(PngTextTest, WhatComesOutIsAPicture) {
  const auto made = make_thumbnails(with_texts(empty_png(), {{"A", "b"}, {"C", ""}}));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->source, (Extent{1, 1}));
  EXPECT_EQ(made->damage, "");
}

TEST(PngTextTest, WhatIsNoPngStaysAsItIs) {
  EXPECT_EQ(with_texts({}, {{"A", "b"}}).size(), 0U);
}

}  // namespace
}  // namespace bulkhead::imaging
