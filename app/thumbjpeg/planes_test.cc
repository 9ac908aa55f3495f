#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <string>

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include "photos/photo.h"
#include "thumbjpeg/coefficient_image.h"
#include "thumbjpeg/thumbjpeg.h"

namespace thumbjpeg {
namespace {

using bulkhead::test_photos::make_photo_bytes;
using bulkhead::test_photos::Sampling;
using Bytes = std::vector<std::uint8_t>;

struct DecodedPlane {
  PlaneLayout layout;
  Bytes samples;

  int at(int x, int y) const {
    return samples[static_cast<std::size_t>(y) * static_cast<std::size_t>(layout.capacity_width) +
                   static_cast<std::size_t>(x)];
  }
};

/// Empty when the file is refused.
std::vector<DecodedPlane> decode(const Bytes& file, int eighths) {
  Decoder decoder;
  const auto layouts = decoder.open(file, eighths);
  if (!layouts) {
    return {};
  }
  std::vector<DecodedPlane> planes;
  std::vector<PlaneMemory> memory;
  for (const PlaneLayout& layout : *layouts) {
    planes.push_back({layout, Bytes(static_cast<std::size_t>(layout.capacity_width) *
                                    static_cast<std::size_t>(layout.capacity_height))});
  }
  for (DecodedPlane& plane : planes) {
    memory.push_back({plane.samples.data(), plane.layout.capacity_width});
  }
  return decoder.decode(memory) ? std::move(planes) : std::vector<DecodedPlane>{};
}

/// One sample of a block by the definition of the inverse DCT.
double sample_of(const std::int16_t* block, const JQUANT_TBL& quantizer, int side, int x, int y) {
  const auto basis = [&](int frequency, int place) {
    const double scale = frequency == 0 ? std::sqrt(1.0 / side) : std::sqrt(2.0 / side);
    return scale * std::sqrt(side / 8.0) *
           std::cos((2 * place + 1) * frequency * std::numbers::pi / (2 * side));
  };
  double sum = 128;
  for (int v = 0; v < side; ++v) {
    for (int u = 0; u < side; ++u) {
      const int i = v * DCTSIZE + u;
      sum += block[i] * static_cast<double>(quantizer.quantval[i]) * basis(v, y) * basis(u, x);
    }
  }
  return std::clamp(sum, 0.0, 255.0);
}

/// The largest difference to what the definition gives, in levels.
double largest_error(const Bytes& file, int eighths) {
  const auto reference = ReferenceReader::read(file);
  const auto planes = decode(file, eighths);
  if (planes.size() != reference.components.size()) {
    return 1000;
  }
  double largest = 0;
  for (std::size_t c = 0; c < planes.size(); ++c) {
    const ReferenceComponent& component = reference.components[c];
    for (int y = 0; y < component.blocks_high * eighths; ++y) {
      for (int x = 0; x < component.blocks_wide * eighths; ++x) {
        const double expected = sample_of(component.block(x / eighths, y / eighths),
                                          component.quantizer, eighths, x % eighths, y % eighths);
        largest = std::max(largest, std::abs(expected - planes[c].at(x, y)));
      }
    }
  }
  return largest;
}

constexpr double kRounding = 0.51;

/// Each way in which the kernels are compiled.
class PlanesTest : public testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override {
    if ((hwy::SupportedTargets() & GetParam()) == 0) {
      GTEST_SKIP() << "not on this machine";
    }
    hwy::SetSupportedTargetsForTest(GetParam());
    hwy::GetChosenTarget().DeInit();
  }
  void TearDown() override {
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().DeInit();
  }
};

TEST_P(PlanesTest, SamplesAreThoseOfTheInverseDct) {
  for (const auto sampling : {Sampling::S444, Sampling::S420, Sampling::S411}) {
    const Bytes file =
        make_photo_bytes({.width = 501, .height = 77, .sampling = sampling, .quality = 92});
    for (int eighths = 1; eighths <= 4; ++eighths) {
      EXPECT_LE(largest_error(file, eighths), kRounding) << eighths;
    }
  }
}

TEST_P(PlanesTest, CoarseAndFineStepsAreClampedAlike) {
  for (const int quality : {1, 100}) {
    const Bytes file = make_photo_bytes({.width = 80, .height = 70, .quality = quality});
    for (int eighths = 1; eighths <= 4; ++eighths) {
      EXPECT_LE(largest_error(file, eighths), kRounding) << quality;
    }
  }
}

TEST_P(PlanesTest, SamplesOfProgressiveFiles) {
  const Bytes file = make_photo_bytes(
      {.width = 333, .height = 141, .sampling = Sampling::S420, .progressive = true});
  for (int eighths = 1; eighths <= 4; ++eighths) {
    EXPECT_LE(largest_error(file, eighths), kRounding) << eighths;
  }
}

INSTANTIATE_TEST_SUITE_P(All, PlanesTest, testing::Values(HWY_AVX2, HWY_SCALAR),
                         [](const auto& target) { return hwy::TargetName(target.param); });

TEST(PlaneLayoutTest, ExtentsAreExactInFractions) {
  const Bytes file = make_photo_bytes({.width = 101, .height = 75, .sampling = Sampling::S420});
  Decoder decoder;
  const auto layouts = decoder.open(file, 3);
  ASSERT_TRUE(layouts);
  ASSERT_EQ(layouts->size(), 3U);
  EXPECT_DOUBLE_EQ((*layouts)[0].exact_width, 37.875);
  EXPECT_EQ((*layouts)[0].width, 38);
  EXPECT_EQ((*layouts)[0].capacity_width, 42);
  EXPECT_DOUBLE_EQ((*layouts)[1].exact_height, 14.0625);
  EXPECT_EQ((*layouts)[1].height, 15);
  EXPECT_EQ((*layouts)[1].capacity_height, 15);
}

}  // namespace
}  // namespace thumbjpeg
