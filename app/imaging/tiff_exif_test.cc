#include "imaging/tiff_exif.h"

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "imaging/jpeg_decoder.h"
#include "imaging/thumbnail.h"
#include "imaging/tiff_bytes.h"

namespace bulkhead::imaging {
namespace {

using namespace std::string_literals;

std::string exif_in(const std::string& file) {
  const auto exif = exif_in_tiff(std::as_bytes(std::span(file)));
  return {reinterpret_cast<const char*>(exif.data()), exif.size()};
}

/// Writes numbers as one of the two kinds of TIFF has them.
struct Writer {
  bool is_big_endian;

  std::string number(std::uint32_t value, int bytes) const {
    std::string text;
    for (int i = 0; i < bytes; ++i) {
      text += static_cast<char>(value >> 8 * (is_big_endian ? bytes - 1 - i : i));
    }
    return text;
  }

  std::string entry(std::uint32_t tag, std::uint32_t type, std::uint32_t count,
                    std::uint32_t value) const {
    const int bytes = type == 3 ? 2 : 4;
    return number(tag, 2) + number(type, 2) + number(count, 4) + number(value, bytes) +
           std::string(static_cast<std::size_t>(4 - bytes), '\0');
  }

  /// A picture of one pixel with a make, and an exposure and a maker's note in the directory of
  /// EXIF.
  std::string file() const {
    constexpr std::uint32_t kDetails = 8 + 2 + 11 * 12 + 4;
    constexpr std::uint32_t kValues = kDetails + 2 + 3 * 12 + 4;
    return (is_big_endian ? "MM" : "II") + number(42, 2) + number(8, 4) + number(11, 2) +
           entry(0x0100, 3, 1, 1) + entry(0x0101, 3, 1, 1) + entry(0x0102, 3, 1, 8) +
           entry(0x0103, 3, 1, 1) + entry(0x0106, 3, 1, 1) + entry(0x010F, 2, 6, kValues) +
           entry(0x0111, 4, 1, kValues) + entry(0x0115, 3, 1, 1) + entry(0x0116, 3, 1, 1) +
           entry(0x0117, 4, 1, 1) + entry(0x8769, 4, 1, kDetails) + number(0, 4) + number(3, 2) +
           entry(0x829A, 5, 1, kValues + 6) + entry(0x927C, 7, 6, kValues) +
           entry(0xA002, 3, 1, 640) + number(0, 4) + "Canon\0"s + number(1, 4) + number(250, 4);
  }
};

TEST(TiffExifTest, HasWhatTheFileSaysOfThePhoto) {
  for (const bool is_big_endian : {false, true}) {
    const Writer writer{is_big_endian};
    const std::string exif = exif_in(writer.file());
    const auto tiff =
        TiffBytes::open({reinterpret_cast<const std::uint8_t*>(exif.data()), exif.size()}).value();
    const std::uint32_t first = tiff.first_directory().value();
    const auto make = tiff.text(first, 0x010F);
    EXPECT_EQ(std::string(make.begin(), make.end()), "Canon\0"s);
    EXPECT_FALSE(tiff.has(first, 0x0100));
    const std::uint32_t details = tiff.value(first, 0x8769).value();
    EXPECT_EQ(tiff.value(details, 0xA002), 640U);
    EXPECT_FALSE(tiff.has(details, 0x927C));
    EXPECT_TRUE(exif.ends_with(writer.number(1, 4) + writer.number(250, 4)));
    EXPECT_EQ(exif_in(exif), exif) << "it is a TIFF structure itself";
  }
}

TEST(TiffExifTest, IsKeptInAThumbnailAndTrueOfIt) {
  const std::string file = Writer{false}.file();
  const auto thumbnails =
      make_thumbnails(std::as_bytes(std::span(file)), {.kept = {.exif = KeptExif::All}});
  const auto decoder = JpegDecoder::open(thumbnails.value().made[0].bytes).value();
  const auto exif = decoder.header().exif;
  const auto tiff =
      TiffBytes::open({reinterpret_cast<const std::uint8_t*>(exif.data()), exif.size()}).value();
  const std::uint32_t first = tiff.first_directory().value();
  EXPECT_TRUE(tiff.has(first, 0x010F));
  EXPECT_EQ(tiff.value(tiff.value(first, 0x8769).value(), 0xA002), 1U);
}

TEST(TiffExifTest, OfNothingIsEmptyAndEveryCutOneIsSurvived) {
  EXPECT_EQ(exif_in(""), "");
  std::string big_tiff = Writer{false}.file();
  big_tiff[2] = 43;
  EXPECT_EQ(exif_in(big_tiff), "");
  const std::string whole = Writer{true}.file();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_LT(exif_in(whole.substr(0, size)).size(), whole.size());
  }
}

TEST(TiffExifTest, EntriesThatClaimTheSameBytesDoNotFillTheMemory) {
  const Writer writer{true};
  constexpr std::uint32_t kMany = 1000;
  constexpr std::uint32_t kLong = 100'000;
  const std::uint32_t values = 8 + 2 + 12 + 4 + 2 + kMany * 12 + 4;
  std::string file = "MM" + writer.number(42, 2) + writer.number(8, 4) + writer.number(1, 2) +
                     writer.entry(0x8769, 4, 1, 26) + writer.number(0, 4) + writer.number(kMany, 2);
  for (std::uint32_t i = 0; i < kMany; ++i) {
    file += writer.entry(0x8000 + i, 7, kLong, values);
  }
  file += writer.number(0, 4) + std::string(kLong, 'x');
  EXPECT_LT(exif_in(file).size(), 2U << 20U);
}

}  // namespace
}  // namespace bulkhead::imaging
