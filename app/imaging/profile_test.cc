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
  for (const WidePlane& plane : in_target_colours(planes_of(values), {model, profile})) {
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

TEST(ProfileTest, StateTellsWhetherItCanBeUsed) {
  const auto state = [](const Bytes& profile) {
    return state_of_profile({.model = ColourModel::Rgb, .profile = profile});
  };
  EXPECT_EQ(state({}), ProfileState::Absent);
  EXPECT_EQ(state(swapped_profile()), ProfileState::Usable);
  EXPECT_EQ(state(linear_grey_profile()), ProfileState::OtherChannels);
  EXPECT_EQ(state(Bytes(3000)), ProfileState::Broken);
  Bytes cut = swapped_profile();
  cut.resize(cut.size() / 2);
  EXPECT_EQ(state(cut), ProfileState::Broken);
}

TEST(ProfileTest, ColoursBecomeThoseOfATarget) {
  const Bytes target = swapped_profile();
  const auto planes =
      in_target_colours(planes_of({250, 20, 40}), {.model = ColourModel::Rgb, .target = target});
  ASSERT_EQ(planes.size(), 3U);
  EXPECT_NEAR(planes[0].row(0)[0] / 257, 20, 3);
  EXPECT_NEAR(planes[1].row(0)[0] / 257, 250, 3);
  EXPECT_EQ(in_target_colours(Colour{250, 20, 40}, target)[1], planes[1].row(0)[0] / 257);
  EXPECT_FALSE(changes_colours({.model = ColourModel::Rgb, .profile = target, .target = target}));
}

TEST(ProfileTest, TargetDecidesTheNumberOfPlanes) {
  const Bytes rgb = swapped_profile();
  const Bytes grey = linear_grey_profile();
  EXPECT_EQ(in_target_colours(planes_of({99}), {.model = ColourModel::Grey, .target = rgb}).size(),
            3U);
  EXPECT_EQ(
      in_target_colours(planes_of({9, 9, 9}), {.model = ColourModel::YCbCr, .target = grey}).size(),
      1U);
  EXPECT_EQ(in_target_colours(planes_of({9, 9, 9, 9}),
                              {.model = ColourModel::Cmyk, .profile = grey, .target = rgb})
                .size(),
            3U);
}

TEST(ProfileTest, WhatCannotBeATargetHasAReason) {
  EXPECT_EQ(problem_of_target(swapped_profile()), "");
  EXPECT_EQ(problem_of_target(linear_grey_profile()), "");
  EXPECT_EQ(problem_of_target(Bytes(300)), "is not a colour profile");
  EXPECT_EQ(problem_of_target({}), "is not a colour profile");
  EXPECT_EQ(problem_of_target(saved(cmsCreateLab4Profile(nullptr))),
            "is not a profile of grey or RGB");
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

TEST_F(ProfileOfAJpegTest, ThatIsBrokenIsToldAndLeftOut) {
  const Bytes photo = red_photo();
  Bytes missing_part = with_profile(photo, swapped_profile(), 100);
  missing_part.erase(missing_part.begin() + 2, missing_part.begin() + 2 + 118);
  for (const Bytes& file : {with_profile(photo, Bytes(300), 65519), missing_part}) {
    for (const ProfileUse use : {ProfileUse::Convert, ProfileUse::Keep}) {
      const auto made = make_thumbnails(file, {.profile = use});
      ASSERT_TRUE(made);
      EXPECT_EQ(made->profile, ProfileFate::Broken);
      EXPECT_EQ(made->made[0].bytes, make_thumbnails(photo)->made[0].bytes);
    }
  }
}

TEST_F(ProfileOfAJpegTest, IsKeptWithTheColoursItSpeaksOf) {
  const Bytes profile = swapped_profile();
  const auto kept =
      make_thumbnails(with_profile(red_photo(), profile, 65519), {.profile = ProfileUse::Keep});
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->profile, ProfileFate::Kept);
  EXPECT_GT(middle_of(kept->made[0].bytes)[0], 180);
  // Whoever shows the thumbnail gets what it would get of the photo.
  const auto again = make_thumbnails(kept->made[0].bytes);
  EXPECT_EQ(again->profile, ProfileFate::Converted);
  EXPECT_LT(middle_of(again->made[0].bytes)[0], 50);
}

TEST_F(ProfileOfAJpegTest, MayBeThatOfATargetWhichTheThumbnailThenHas) {
  const auto made = make_thumbnails(red_photo(), {.target_profile = swapped_profile()});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->profile, ProfileFate::Absent);
  EXPECT_GT(middle_of(made->made[0].bytes)[1], 180);
  const auto again = make_thumbnails(made->made[0].bytes);
  EXPECT_EQ(again->profile, ProfileFate::Converted);
  EXPECT_GT(middle_of(again->made[0].bytes)[0], 180);
}

TEST_F(ProfileOfAJpegTest, TravelsInEveryFormat) {
  const Bytes file = with_profile(red_photo(), swapped_profile(), 65519);
  for (const OutputFormat format : {OutputFormat::Png, OutputFormat::Webp, OutputFormat::Avif}) {
    const auto kept = make_thumbnails(
        file, {.encoding = {.format = format, .quality = 95}, .profile = ProfileUse::Keep});
    ASSERT_TRUE(kept) << kept.error().message;
    const auto again = make_thumbnails(kept->made[0].bytes);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->profile, ProfileFate::Converted) << static_cast<int>(format);
    EXPECT_LT(middle_of(again->made[0].bytes)[0], 60) << static_cast<int>(format);
  }
}

TEST_F(ProfileOfAJpegTest, OfSrgbLeavesEveryByteAsItIs) {
  const Bytes photo = red_photo();
  const Bytes with = with_profile(photo, saved(cmsCreate_sRGBProfile()), 65519);
  EXPECT_EQ(make_thumbnail(with)->jpeg, make_thumbnail(photo)->jpeg);
}

}  // namespace
}  // namespace bulkhead::imaging
