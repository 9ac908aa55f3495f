#include "imaging/profile.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <gtest/gtest.h>
#include <lcms2.h>

#include "imaging/one_thumbnail.h"
#include "photos/photo.h"

namespace bulkhead::imaging {
namespace {

using Bytes = std::vector<std::byte>;

Bytes saved(cmsHPROFILE profile) {
  cmsUInt32Number count = 0;
  cmsSaveProfileToMem(profile, nullptr, &count);
  Bytes bytes(count);
  cmsSaveProfileToMem(profile, bytes.data(), &count);
  cmsCloseProfile(profile);
  return bytes;
}

/// RGB whose red and green have changed places.
Bytes swapped_profile() {
  const cmsCIExyYTRIPLE primaries = {{0.30, 0.60, 1}, {0.64, 0.33, 1}, {0.15, 0.06, 1}};
  const cmsCIExyY white = {0.3127, 0.3290, 1};
  const std::array<cmsFloat64Number, 5> curve = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  cmsToneCurve* const tone = cmsBuildParametricToneCurve(nullptr, 4, curve.data());
  cmsToneCurve* const tones[3] = {tone, tone, tone};
  const Bytes bytes = saved(cmsCreateRGBProfile(&white, &primaries, tones));
  cmsFreeToneCurve(tone);
  return bytes;
}

/// Grey that is linear light.
Bytes linear_grey_profile() {
  cmsToneCurve* const tone = cmsBuildGamma(nullptr, 1);
  const Bytes bytes = saved(cmsCreateGrayProfile(cmsD50_xyY(), tone));
  cmsFreeToneCurve(tone);
  return bytes;
}

std::vector<WidePlane> planes_of(const std::vector<int>& values) {
  std::vector<WidePlane> planes;
  for (const int value : values) {
    planes.emplace_back(Extent{1, 1});
    planes.back().row(0)[0] = static_cast<std::uint16_t>(value * 257);
  }
  return planes;
}

std::vector<int> converted(const std::vector<int>& values, ColourModel model,
                           const Bytes& profile) {
  std::vector<int> result;
  for (const WidePlane& plane : to_srgb(planes_of(values), {model, profile})) {
    result.push_back((plane.row(0)[0] + 128) / 257);
  }
  return result;
}

/// The file with the profile in segments of at most `part_bytes`.
Bytes with_profile(const Bytes& jpeg, const Bytes& profile, std::size_t part_bytes) {
  const std::size_t count = (profile.size() + part_bytes - 1) / part_bytes;
  Bytes file(jpeg.begin(), jpeg.begin() + 2);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t size = std::min(part_bytes, profile.size() - i * part_bytes);
    const std::size_t length = 2 + 14 + size;
    for (const std::size_t byte :
         {std::size_t{0xFF}, std::size_t{0xE2}, length / 256, length % 256}) {
      file.push_back(static_cast<std::byte>(byte));
    }
    for (const char c : {'I', 'C', 'C', '_', 'P', 'R', 'O', 'F', 'I', 'L', 'E', '\0'}) {
      file.push_back(static_cast<std::byte>(c));
    }
    file.push_back(static_cast<std::byte>(i + 1));
    file.push_back(static_cast<std::byte>(count));
    const auto* const part = profile.data() + i * part_bytes;
    file.insert(file.end(), part, part + size);
  }
  file.insert(file.end(), jpeg.begin() + 2, jpeg.end());
  return file;
}

TEST(ProfileTest, ColoursBecomeThoseOfSrgb) {
  const auto colour = converted({250, 20, 40}, ColourModel::Rgb, swapped_profile());
  ASSERT_EQ(colour.size(), 3U);
  EXPECT_NEAR(colour[0], 20, 3);
  EXPECT_NEAR(colour[1], 250, 3);
  EXPECT_NEAR(colour[2], 40, 3);
}

TEST(ProfileTest, GreyStaysOnePlane) {
  const auto grey = converted({55}, ColourModel::Grey, linear_grey_profile());
  ASSERT_EQ(grey.size(), 1U);
  EXPECT_NEAR(grey[0], 128, 2);  // 0.2158 of the light
}

TEST(ProfileTest, SrgbAndNonsenseMakeNoDifference) {
  EXPECT_FALSE(changes_colours({ColourModel::Rgb, {}}));
  EXPECT_FALSE(changes_colours({ColourModel::Rgb, saved(cmsCreate_sRGBProfile())}));
  EXPECT_FALSE(changes_colours({ColourModel::Rgb, Bytes(3000)}));
  EXPECT_FALSE(changes_colours({ColourModel::Grey, swapped_profile()}));
  EXPECT_FALSE(changes_colours({ColourModel::Cmyk, swapped_profile()}));
  EXPECT_TRUE(changes_colours({ColourModel::Rgb, swapped_profile()}));
  EXPECT_TRUE(changes_colours({ColourModel::YCbCr, swapped_profile()}));
}

class ProfileOfAJpegTest : public testing::Test {
 protected:
  static Bytes red_photo() {
    test_photos::Pixels pixels{64, 64, std::vector<std::uint8_t>(std::size_t{64} * 64 * 3, 30)};
    for (std::size_t i = 0; i < pixels.rgb.size(); i += 3) {
      pixels.rgb[i] = 200;
    }
    return test_photos::encode_photo(pixels, {.quality = 95});
  }

  static const std::uint8_t* middle_of(const Bytes& jpeg) {
    static test_photos::Pixels pixels;
    pixels = test_photos::decode_photo(jpeg, test_photos::Channels::Rgb).pixels;
    return pixels.at(pixels.width / 2, pixels.height / 2);
  }
};

TEST_F(ProfileOfAJpegTest, IsAppliedWhetherInOnePartOrInMany) {
  for (const std::size_t part : {std::size_t{65519}, std::size_t{100}}) {
    const auto made = make_thumbnail(with_profile(red_photo(), swapped_profile(), part));
    ASSERT_TRUE(made);
    EXPECT_LT(middle_of(made->jpeg)[0], 50);
    EXPECT_GT(middle_of(made->jpeg)[1], 180);
  }
}

TEST_F(ProfileOfAJpegTest, IsLeftOutWhenAPartIsMissingOrNobodyWantsIt) {
  const Bytes photo = red_photo();
  Bytes file = with_profile(photo, swapped_profile(), 100);
  file.erase(file.begin() + 2, file.begin() + 2 + 118);
  EXPECT_GT(middle_of(make_thumbnail(file)->jpeg)[0], 180);
  const auto ignored = make_thumbnails(with_profile(photo, swapped_profile(), 65519),
                                       {.profile = ProfileUse::Ignore});
  EXPECT_GT(middle_of(ignored->made[0].bytes)[0], 180);
}

TEST_F(ProfileOfAJpegTest, OfSrgbLeavesEveryByteAsItIs) {
  const Bytes photo = red_photo();
  const Bytes with = with_profile(photo, saved(cmsCreate_sRGBProfile()), 65519);
  EXPECT_EQ(make_thumbnail(with)->jpeg, make_thumbnail(photo)->jpeg);
}

}  // namespace
}  // namespace bulkhead::imaging
