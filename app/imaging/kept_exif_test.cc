#include "imaging/kept_exif.h"

#include <algorithm>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "imaging/exif.h"
#include "imaging/tiff_bytes.h"

namespace bulkhead::imaging {
namespace {

using namespace std::string_literals;

std::string big(std::uint32_t number, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    text += static_cast<char>(number >> shift);
  }
  return text;
}

std::string entry(std::uint32_t tag, std::uint32_t type, std::uint32_t count, std::uint32_t value) {
  const int bytes = type == 3 ? 2 : 4;
  return big(tag, 2) + big(type, 2) + big(count, 4) + big(value, bytes) +
         std::string(static_cast<std::size_t>(4 - bytes), '\0');
}

constexpr std::uint32_t kFirst = 8;
constexpr std::uint32_t kDetails = kFirst + 2 + 4 * 12 + 4;
constexpr std::uint32_t kSecond = kDetails + 2 + 2 * 12 + 4;
constexpr std::uint32_t kTexts = kSecond + 2 + 2 * 12 + 4;
constexpr std::uint32_t kPreview = kTexts + 12;

/// As a camera writes it: orientation 6, an artist, a copyright, the photo's size, and a preview.
std::string camera_exif(const std::string& behind_preview = "") {
  return "MM\0*"s + big(kFirst, 4) + big(4, 2) + entry(0x0112, 3, 1, 6) +
         entry(0x013B, 2, 6, kTexts) + entry(0x8298, 2, 6, kTexts + 6) +
         entry(0x8769, 4, 1, kDetails) + big(kSecond, 4) + big(2, 2) + entry(0xA002, 4, 1, 4000) +
         entry(0xA003, 3, 1, 3000) + big(0, 4) + big(2, 2) + entry(0x0201, 4, 1, kPreview) +
         entry(0x0202, 4, 1, 7) + big(0, 4) + "Alice\0"s + "Bob 1\0"s + "PREVIEW" + behind_preview;
}

std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string for_thumbnail(const std::string& exif, int orientation = 1) {
  return text_of(exif_of_thumbnail(std::as_bytes(std::span(exif)), {128, 96}, orientation));
}

std::string of_author(const std::string& exif) {
  return text_of(exif_of_author(std::as_bytes(std::span(exif))));
}

std::span<const std::uint8_t> view_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(KeptExifTest, IsMadeTrueOfTheThumbnail) {
  const std::string kept = for_thumbnail(camera_exif());
  const auto tiff = TiffBytes::open(view_of(kept)).value();
  EXPECT_EQ(tiff_orientation(view_of(kept)), 1);
  EXPECT_EQ(tiff_orientation(view_of(for_thumbnail(camera_exif(), 8))), 8);
  EXPECT_EQ(tiff.value(kDetails, 0xA002), 128U);
  EXPECT_EQ(tiff.value(kDetails, 0xA003), 96U);
  EXPECT_EQ(tiff.next_directory(kFirst), 0U);
  EXPECT_EQ(kept.size(), kPreview);
  EXPECT_EQ(kept.substr(kTexts, 12), "Alice\0Bob 1\0"s);
}

TEST(KeptExifTest, PreviewBeforeOtherBytesIsBlankedAndTheyStayInPlace) {
  const std::string kept = for_thumbnail(camera_exif("maker"));
  EXPECT_EQ(kept.substr(kPreview), "\0\0\0\0\0\0\0maker"s);
}

TEST(KeptExifTest, OfTheAuthorIsNothingElse) {
  const std::string kept = of_author(camera_exif());
  const auto tiff = TiffBytes::open(view_of(kept)).value();
  const auto text = [&](std::uint32_t tag) {
    const auto bytes = tiff.text(8, tag);
    return std::string(bytes.begin(), bytes.end());
  };
  EXPECT_EQ(text(0x013B), "Alice\0"s);
  EXPECT_EQ(text(0x8298), "Bob 1\0"s);
  EXPECT_EQ(kept.size(), 8U + 2 + 2 * 12 + 4 + 12);
}

TEST(KeptExifTest, ShortTextsStandInTheirEntries) {
  const std::string exif = "II*\0\x08\0\0\0\x01\0\x3B\x01\x02\0\x03\0\0\0me\0\0\0\0\0\0"s;
  const std::string kept = of_author(exif);
  EXPECT_EQ(kept.substr(10), "\x01\x3B\0\x02\0\0\0\x03me\0\0\0\0\0\0"s);
  EXPECT_EQ(of_author(kept), kept);
}

TEST(KeptExifTest, OfNothingIsEmptyAndEveryCutOneIsSurvived) {
  EXPECT_EQ(for_thumbnail(""), "");
  EXPECT_EQ(for_thumbnail("no structure"), "");
  EXPECT_EQ(of_author("MM"), "");
  const std::string whole = camera_exif();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    EXPECT_LE(for_thumbnail(cut).size(), cut.size());
    of_author(cut);
  }
}

}  // namespace
}  // namespace bulkhead::imaging
