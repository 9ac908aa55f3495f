// What is kept of a photo that is cut, when its content decides.

#include <algorithm>
#include <cstdint>

#include <gtest/gtest.h>

#include "imaging/thumbnail.h"
#include "photos/photo.h"

namespace bulkhead::imaging {
namespace {

constexpr int kSide = 120;

/// Grey, four times as wide as high, with a square of coloured noise at one end.
std::vector<std::byte> photo_with_noise_at(int left) {
  test_photos::Pixels pixels{.width = 4 * kSide, .height = kSide, .rgb = {}};
  pixels.rgb.assign(std::size_t{4} * kSide * kSide * 3, 128);
  std::uint32_t random = 1;
  for (int y = 20; y < kSide - 20; ++y) {
    for (int x = left + 20; x < left + kSide - 20; ++x) {
      random = random * 1664525 + 1013904223;
      *pixels.at(x, y) = static_cast<std::uint8_t>(random >> 24U);
      pixels.at(x, y)[1] = 60;
    }
  }
  return test_photos::encode_photo(pixels, {});
}

/// How far the samples of the thumbnail lie apart.
int contrast_of(const std::vector<std::byte>& file, Interest interest) {
  const auto made = make_thumbnails(
      file, {.sizes = {{.box = {60, 60}, .fit = Fit::Cover, .interest = interest}}});
  EXPECT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->made.at(0).size, (Extent{60, 60}));
  const auto shown =
      test_photos::decode_photo(made->made.at(0).bytes, test_photos::Channels::Rgb).pixels.rgb;
  const auto [least, most] = std::ranges::minmax(shown);
  return most - least;
}

TEST(InterestTest, PartIsTakenFromWhereTheContentIs) {
  for (const int left : {0, 3 * kSide}) {
    const auto file = photo_with_noise_at(left);
    EXPECT_LT(contrast_of(file, Interest::Gravity), 10) << left;
    EXPECT_GT(contrast_of(file, Interest::Attention), 50) << left;
    EXPECT_GT(contrast_of(file, Interest::Entropy), 50) << left;
  }
}

TEST(InterestTest, WhereNothingIsCutOffItMakesNoDifference) {
  const auto file = test_photos::make_photo({.width = 200, .height = 200});
  const auto bytes = [&](Interest interest) {
    return make_thumbnails(file,
                           {.sizes = {{.box = {60, 60}, .fit = Fit::Cover, .interest = interest}}})
        ->made.at(0)
        .bytes;
  };
  EXPECT_EQ(bytes(Interest::Attention), bytes(Interest::Gravity));
}

}  // namespace
}  // namespace bulkhead::imaging
