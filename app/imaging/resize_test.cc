#include "imaging/resize.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <gtest/gtest.h>

#include "imaging/lanczos_reference.h"

namespace bulkhead::imaging {
namespace {

Plane wavy_plane(Extent extent) {
  Plane plane(extent);
  for (int y = 0; y < extent.height; ++y) {
    for (int x = 0; x < extent.width; ++x) {
      const double value = 128 + 60 * std::sin(0.11 * x + 0.05 * y) + 50 * std::sin(0.23 * y);
      plane.row(y)[x] = static_cast<std::uint8_t>(std::lround(value));
    }
  }
  return plane;
}

double psnr_of_resize(Extent extent, const Region& region, Extent result) {
  const Plane source = wavy_plane(extent);
  const auto resized = resize(source, region, result);
  if (!resized || resized->extent() != result) {
    return 0;
  }
  const auto exact = sampled(extent, [&](int x, int y) { return double(source.row(y)[x]); });
  return psnr(lanczos_reference(exact, region, result),
              [&](int x, int y) { return double(resized->row(y)[x]); });
}

// Rounding to 8 bits alone gives 59 dB.
constexpr double kRoundingOnly = 56;

TEST(ResizeTest, ShrinksAsLanczosInFloatingPoint) {
  EXPECT_GT(psnr_of_resize({400, 300}, {0, 0, 400, 300}, {128, 96}), kRoundingOnly);
  EXPECT_GT(psnr_of_resize({300, 400}, {0, 0, 300, 400}, {96, 128}), kRoundingOnly);
}

TEST(ResizeTest, FractionalRegionIsExact) {
  EXPECT_GT(psnr_of_resize({401, 301}, {0, 0, 400.375, 300.125}, {128, 96}), kRoundingOnly);
}

TEST(ResizeTest, RegionMayReachOutsideOfTheSource) {
  EXPECT_GT(psnr_of_resize({320, 240}, {-2.5, -1.25, 322.5, 241.25}, {65, 49}), kRoundingOnly);
  EXPECT_GT(psnr_of_resize({320, 240}, {0, 0, 322.5, 241.25}, {65, 49}), kRoundingOnly);
}

// A dark line along the border lightens or darkens nothing but what it lies in.
TEST(ResizeTest, BorderIsNotMirrored) {
  Plane source({64, 64});
  for (int y = 0; y < 64; ++y) {
    std::fill_n(source.row(y), 64, static_cast<std::uint8_t>(y == 0 || y == 63 ? 0 : 200));
  }
  const Plane resized = resize(source, {0, 0, 64, 64}, {32, 32}).value();
  const auto exact = sampled({64, 64}, [&](int x, int y) { return double(source.row(y)[x]); });
  const FloatPlane expected = lanczos_reference(exact, {0, 0, 64, 64}, {32, 32});
  for (const int y : {0, 1, 2, 29, 30, 31}) {
    EXPECT_NEAR(resized.row(y)[16], expected.at(16, y), 1.5) << y;
  }
}

TEST(ResizeTest, SameExtentIsACopy) {
  const Plane source = wavy_plane({97, 61});
  const auto copy = resize(source, {0, 0, 97, 61}, {97, 61});
  ASSERT_TRUE(copy);
  for (int y = 0; y < 61; ++y) {
    EXPECT_TRUE(std::equal(source.row(y), source.row(y) + 97, copy->row(y))) << y;
  }
}

TEST(ResizeTest, TinyAndThinPlanesAreResized) {
  for (const Extent source : {Extent{1, 1}, {2, 1}, {1, 500}, {3000, 1}, {3, 7}}) {
    for (const Extent result : {Extent{1, 1}, {2, 3}, {128, 1}, {1, 128}}) {
      const Region whole{0, 0, double(source.width) - 0.875, double(source.height) - 0.875};
      EXPECT_TRUE(resize(wavy_plane(source), whole, result))
          << source.width << "x" << source.height << " to " << result.width << "x" << result.height;
    }
  }
}

TEST(ResizeTest, MoreGeometriesThanAreKeptStillGiveTheRightPlane) {
  for (int round = 0; round < 2; ++round) {
    for (int width = 20; width < 70; ++width) {
      const auto resized = resize(wavy_plane({140, 30}), {0, 0, 140, 30}, {width, 15});
      ASSERT_TRUE(resized);
      EXPECT_EQ(resized->width(), width);
    }
  }
  EXPECT_GT(psnr_of_resize({140, 30}, {0, 0, 140, 30}, {20, 15}), kRoundingOnly);
}

TEST(ResizeTest, OneAxisAfterTheOtherIsCutOffBetween) {
  // Between black and white the filter overshoots in both axes; in white there is no room for it.
  Plane source({64, 64});
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) {
      source.row(y)[x] = x < 32 || y < 32 ? 255 : 0;
    }
  }
  const auto made = [&](Axes axes) {
    return resize(source, {0, 0, 64, 64}, {40, 40}, Filter::Bicubic, axes).value();
  };
  const Plane by_rows =
      resize(source, {0, 0, 64, 64}, {40, 64}, Filter::Bicubic, Axes::AtOnce).value();
  const Plane expected =
      resize(by_rows, {0, 0, 40, 64}, {40, 40}, Filter::Bicubic, Axes::AtOnce).value();
  const Plane one_by_one = made(Axes::OneByOne);
  for (int y = 0; y < 40; ++y) {
    EXPECT_TRUE(std::equal(expected.row(y), expected.row(y) + 40, one_by_one.row(y))) << y;
  }
}

TEST(ResizeTest, RefusedGeometryIsAnError) {
  const auto resized = resize(wavy_plane({8, 8}), {0, 0, 0, 8}, {4, 4});
  ASSERT_FALSE(resized);
  EXPECT_EQ(resized.error().fault, ImageFault::Unsupported);
  EXPECT_NE(resized.error().message, "");
}

}  // namespace
}  // namespace bulkhead::imaging
