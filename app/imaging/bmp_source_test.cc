#include "imaging/bmp_source.h"

#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace bulkhead::imaging {
namespace {

using namespace std::string_view_literals;

std::string little(std::uint64_t number, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i, number >>= 8) {
    text += static_cast<char>(number);
  }
  return text;
}

struct Bitmap {
  int width = 2;
  int height = 2;
  std::uint32_t bits = 24;
  std::uint32_t compression = 0;
  std::string after_header = {};  // masks, palette
  std::string pixels = {};
};

std::string file_of(const Bitmap& bitmap) {
  constexpr std::uint32_t kHeaders = 54;
  const auto offset = kHeaders + static_cast<std::uint32_t>(bitmap.after_header.size());
  return "BM" + little(0, 8) + little(offset, 4) + little(40, 4) +
         little(static_cast<std::uint32_t>(bitmap.width), 4) +
         little(static_cast<std::uint32_t>(bitmap.height), 4) + little(1, 2) +
         little(bitmap.bits, 2) + little(bitmap.compression, 4) + little(0, 20) +
         bitmap.after_header + bitmap.pixels;
}

OpenedRaster open(const std::string& file) {
  return open_bmp(std::as_bytes(std::span(file)));
}

/// All rows, the samples as bytes of a string.
std::string samples_of(const std::string& file) {
  const auto source = open(file);
  std::string samples;
  for (int y = 0; y < (*source)->header().size.height; ++y) {
    const auto row = (*source)->read_row().value();
    samples.append(reinterpret_cast<const char*>(row.data()), row.size());
  }
  return samples;
}

// Two rows, red and green above blue and white; the lower one is stored first, and each is padded.
using namespace std::string_literals;

const std::string kColours = "\xFF\0\0\xFF\xFF\xFF\0\0\0\0\xFF\0\xFF\0\0\0"s;
constexpr auto kExpected = "\xFF\0\0\0\xFF\0\0\0\xFF\xFF\xFF\xFF"sv;

TEST(BmpSourceTest, RowsComeFromTheTop) {
  EXPECT_EQ(samples_of(file_of({.pixels = kColours})), kExpected);
  const std::string turned = kColours.substr(8) + kColours.substr(0, 8);
  EXPECT_EQ(samples_of(file_of({.height = -2, .pixels = turned})), kExpected);
}

TEST(BmpSourceTest, PaletteIsLookedUpAtEveryDepth) {
  const std::string colours = "\0\0\xFF\0\0\xFF\0\0"s;  // red, green
  const auto with = [&](std::uint32_t bits, std::string pixels) {
    const std::string rest((std::size_t{1} << bits) * 4 - colours.size(), '\0');
    return samples_of(file_of(
        {.height = 1, .bits = bits, .after_header = colours + rest, .pixels = std::move(pixels)}));
  };
  constexpr auto kGreenRed = "\0\xFF\0\xFF\0\0"sv;
  EXPECT_EQ(with(1, "\x80\0\0\0"s), kGreenRed);
  EXPECT_EQ(with(4, "\x10\0\0\0"s), kGreenRed);
  EXPECT_EQ(with(8, "\x01\0\0\0"s), kGreenRed);
}

TEST(BmpSourceTest, BitFieldsAreStretchedToWholeBytes) {
  const std::string masks = little(0xF800, 4) + little(0x07E0, 4) + little(0x001F, 4);
  EXPECT_EQ(samples_of(file_of({.height = 1,
                                .bits = 16,
                                .compression = 3,
                                .after_header = masks,
                                .pixels = little(0xF81F, 2) + little(0x07E0, 2)})),
            "\xFF\0\xFF\0\xFF\0"sv);
  EXPECT_EQ(samples_of(file_of({.height = 1, .bits = 16, .pixels = little(0x7FFF, 2) + "\0\0"s})),
            "\xFF\xFF\xFF\0\0\0"sv);
}

TEST(BmpSourceTest, AlphaOfBitFieldsIsAlpha) {
  const std::string masks =
      little(0xFF0000, 4) + little(0xFF00, 4) + little(0xFF, 4) + little(0xFF000000, 4);
  const std::string file = file_of({.width = 1,
                                    .height = 1,
                                    .bits = 32,
                                    .compression = 6,
                                    .after_header = masks,
                                    .pixels = little(0x80112233, 4)});
  EXPECT_TRUE(open(file).value()->header().has_alpha);
  EXPECT_EQ(samples_of(file), "\x11\x22\x33\x80"sv);
}

TEST(BmpSourceTest, AlphaThatIsZeroEverywhereIsNone) {
  const std::string masks =
      little(0xFF0000, 4) + little(0xFF00, 4) + little(0xFF, 4) + little(0xFF000000, 4);
  const auto file_with = [&](std::uint32_t second_pixel) {
    return file_of({.height = 1,
                    .bits = 32,
                    .compression = 6,
                    .after_header = masks,
                    .pixels = little(0x112233, 4) + little(second_pixel, 4)});
  };
  EXPECT_FALSE(open(file_with(0x445566)).value()->header().has_alpha);
  EXPECT_EQ(samples_of(file_with(0x445566)), "\x11\x22\x33\x44\x55\x66"sv);
  EXPECT_TRUE(open(file_with(0x01445566)).value()->header().has_alpha);
}

TEST(BmpSourceTest, RunsAreUnpacked) {
  std::string palette(1024, '\0');
  palette.replace(4, 3, "\x01\x01\x01");
  palette.replace(8, 3, "\x02\x02\x02");
  // Below: two of colour 1, end of row; above: a literal of 3 (2 1 2) cut at the edge, end.
  const std::string runs = "\x02\x01\0\0\0\x03\x02\x01\x02\0\0\x01"s;
  EXPECT_EQ(
      samples_of(file_of({.bits = 8, .compression = 1, .after_header = palette, .pixels = runs})),
      "\x02\x02\x02\x01\x01\x01\x01\x01\x01\x01\x01\x01"sv);
}

TEST(BmpSourceTest, RunsThatStopBeforeTheLastPixelAreDamage) {
  const auto damage_of = [](const std::string& runs) {
    return open(file_of({.bits = 8,
                         .compression = 1,
                         .after_header = std::string(1024, '\0'),
                         .pixels = runs}))
        .value()
        ->header()
        .damage;
  };
  EXPECT_EQ(damage_of("\x02\x01\0\0\x02\x01\0\x01"s), "");
  EXPECT_EQ(damage_of("\x02\x01\0\0\x02\x01"s), "");
  EXPECT_EQ(damage_of("\x01\x01\0\x01"s), "");
  EXPECT_EQ(damage_of("\x02\x01\0\0\x01\x01"s), "premature end of file");
}

TEST(BmpSourceTest, PaddingOfTheLastRowMayBeMissing) {
  const std::string file = file_of({.pixels = kColours.substr(0, kColours.size() - 2)});
  EXPECT_EQ(open(file).value()->header().damage, "");
  EXPECT_EQ(samples_of(file), kExpected);
}

TEST(BmpSourceTest, MissingRowsAreGreyAndSaidToBeMissing) {
  const std::string file = file_of({.pixels = kColours.substr(0, 8)});
  EXPECT_EQ(open(file).value()->header().damage, "premature end of file");
  EXPECT_EQ(samples_of(file).substr(0, 6), "\x80\x80\x80\x80\x80\x80");
  EXPECT_EQ(samples_of(file).substr(6), kExpected.substr(6));
}

TEST(BmpSourceTest, WhatCannotBeReadIsRefused) {
  const auto message = [](const Bitmap& bitmap) { return open(file_of(bitmap)).error().message; };
  EXPECT_EQ(message({.pixels = ""}), "premature end of file");
  EXPECT_EQ(message({.pixels = kColours.substr(0, 5)}), "premature end of file");
  EXPECT_EQ(message({.width = 0x7FFFFFFF, .height = 1, .pixels = kColours}),
            "premature end of file");
  EXPECT_EQ(message({.width = 0, .pixels = kColours}), "no picture in the file");
  EXPECT_EQ(message({.width = -2, .pixels = kColours}), "no picture in the file");
  EXPECT_EQ(message({.bits = 5, .pixels = kColours}), "bitmap with 5 bits a pixel");
  EXPECT_EQ(message({.compression = 4, .pixels = kColours}),
            "bitmap of compression 4 is not supported");
  EXPECT_EQ(message({.width = 1 << 20,
                     .height = 1 << 20,
                     .bits = 8,
                     .compression = 1,
                     .after_header = std::string(1024, '\0'),
                     .pixels = kColours}),
            "bitmap of run lengths over 100 megapixels");
}

}  // namespace
}  // namespace bulkhead::imaging
