#include "imaging/matrix_profile.h"

#include <array>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <lcms2.h>

namespace bulkhead::imaging {
namespace {

struct Close {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
using Profile = std::unique_ptr<void, Close>;

struct FreeTone {
  void operator()(cmsToneCurve* tone) const { cmsFreeToneCurve(tone); }
};
using Tone = std::unique_ptr<cmsToneCurve, FreeTone>;

const cmsCIExyYTRIPLE kAdobe = {{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
const cmsCIExyYTRIPLE kDisplayP3 = {{0.68, 0.32, 1}, {0.265, 0.69, 1}, {0.15, 0.06, 1}};

Profile profile_of(const cmsCIExyYTRIPLE& primaries, const Tone& tone) {
  const cmsCIExyY white = {0.3127, 0.3290, 1};
  cmsToneCurve* const tones[3] = {tone.get(), tone.get(), tone.get()};
  return Profile(cmsCreateRGBProfile(&white, &primaries, tones));
}

Tone gamma(double exponent) {
  return Tone(cmsBuildGamma(nullptr, exponent));
}

Tone parametric() {
  const std::array<cmsFloat64Number, 5> curve = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  return Tone(cmsBuildParametricToneCurve(nullptr, 4, curve.data()));
}

Tone table(std::size_t size) {
  std::vector<cmsUInt16Number> values(size);
  for (std::size_t i = 0; i < size; ++i) {
    const double at = static_cast<double>(i) / static_cast<double>(size - 1);
    values[i] = static_cast<cmsUInt16Number>(std::lround(65535 * std::pow(at, 1.8)));
  }
  return Tone(
      cmsBuildTabulatedToneCurve16(nullptr, static_cast<cmsUInt32Number>(size), values.data()));
}

// The largest difference to what lcms computes colour by colour, in steps of 16 bits.
int largest_difference(const Profile& profile) {
  const auto transform = MatrixTransform::to_srgb(profile.get());
  if (!transform) {
    return 65536;
  }
  std::mt19937 random(1);
  std::vector<std::uint16_t> colours(3 * 5000);
  for (auto& value : colours) {
    value = static_cast<std::uint16_t>(random());
  }
  std::vector<std::uint16_t> ours(colours.size());
  transform->apply(colours, ours);
  const Profile srgb(cmsCreate_sRGBProfile());
  void* const exact = cmsCreateTransform(profile.get(), TYPE_RGB_16, srgb.get(), TYPE_RGB_16,
                                         INTENT_PERCEPTUAL, cmsFLAGS_NOCACHE | cmsFLAGS_NOOPTIMIZE);
  std::vector<std::uint16_t> theirs(colours.size());
  cmsDoTransform(exact, colours.data(), theirs.data(),
                 static_cast<cmsUInt32Number>(colours.size() / 3));
  cmsDeleteTransform(exact);
  int largest = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    largest = std::max(largest, std::abs(ours[i] - theirs[i]));
  }
  return largest;
}

// A tenth of a step of 8 bits; for curves that are tables themselves, half a step.
TEST(MatrixTransformTest, IsWhatLcmsComputesForEachColour) {
  EXPECT_LE(largest_difference(profile_of(kAdobe, gamma(2.2))), 26);
  EXPECT_LE(largest_difference(profile_of(kDisplayP3, parametric())), 26);
  EXPECT_LE(largest_difference(profile_of(kDisplayP3, gamma(1))), 26);
  EXPECT_LE(largest_difference(profile_of(kAdobe, table(1024))), 128);
}

TEST(MatrixTransformTest, MayBeAppliedInPlace) {
  const auto transform = MatrixTransform::to_srgb(profile_of(kAdobe, gamma(2.2)).get());
  ASSERT_TRUE(transform);
  std::array<std::uint16_t, 6> colours = {0, 0, 0, 65535, 65535, 65535};
  transform->apply(colours, colours);
  for (std::size_t i = 0; i < colours.size(); ++i) {
    EXPECT_NEAR(colours[i], i < 3 ? 0 : 65535, 16);
  }
}

TEST(MatrixTransformTest, ProfilesOfAnotherMakeHaveNone) {
  const Profile lab(cmsCreateLab4Profile(nullptr));
  EXPECT_FALSE(MatrixTransform::to_srgb(lab.get()));
  const Profile grey(cmsCreateGrayProfile(cmsD50_xyY(), gamma(2.2).get()));
  EXPECT_FALSE(MatrixTransform::to_srgb(grey.get()));
  Profile with_table = profile_of(kAdobe, gamma(2.2));
  cmsPipeline* const pipeline = cmsPipelineAlloc(nullptr, 3, 3);
  cmsPipelineInsertStage(pipeline, cmsAT_BEGIN, cmsStageAllocIdentity(nullptr, 3));
  ASSERT_TRUE(cmsWriteTag(with_table.get(), cmsSigAToB0Tag, pipeline));
  cmsPipelineFree(pipeline);
  EXPECT_FALSE(MatrixTransform::to_srgb(with_table.get()));
}

}  // namespace
}  // namespace bulkhead::imaging
