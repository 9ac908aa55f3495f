#include "imaging/colour.h"

#include <array>

#include <gtest/gtest.h>

namespace bulkhead::imaging {
namespace {

std::vector<WidePlane> planes_of(Extent extent, const std::vector<std::uint8_t>& samples) {
  std::vector<WidePlane> planes;
  for (const std::uint8_t sample : samples) {
    WidePlane plane(extent);
    for (int y = 0; y < extent.height; ++y) {
      std::fill_n(plane.row(y), extent.width, static_cast<std::uint16_t>(sample * 257));
    }
    planes.push_back(std::move(plane));
  }
  return planes;
}

/// The picture of one colour, as Y, Cb, Cr.
std::array<int, 3> ycc_of(const std::vector<std::uint8_t>& samples, ColourModel model) {
  const Picture picture = to_picture(ColourPicture{to_rgb(planes_of({2, 2}, samples), model)});
  return {picture.planes[0].row(0)[0], picture.planes[1].row(0)[0], picture.planes[2].row(0)[0]};
}

constexpr std::array<int, 3> kRed = {76, 85, 255};
constexpr std::array<int, 3> kYccWhite = {255, 128, 128};
constexpr std::array<int, 3> kBlack = {0, 128, 128};

TEST(ColourTest, RgbIsConvertedAsJfifSays) {
  EXPECT_EQ(ycc_of({255, 0, 0}, ColourModel::Rgb), kRed);
  EXPECT_EQ(ycc_of({0, 0, 255}, ColourModel::Rgb), (std::array{29, 255, 107}));
  EXPECT_EQ(ycc_of({255, 255, 255}, ColourModel::Rgb), kYccWhite);
}

TEST(ColourTest, InkTakesLightAway) {
  EXPECT_EQ(ycc_of({0, 255, 255, 0}, ColourModel::Cmyk), kRed);
  EXPECT_EQ(ycc_of({0, 0, 0, 0}, ColourModel::Cmyk), kYccWhite);
  EXPECT_EQ(ycc_of({0, 0, 0, 255}, ColourModel::Cmyk), kBlack);
}

TEST(ColourTest, InvertedInkGivesLight) {
  EXPECT_EQ(ycc_of({255, 0, 0, 255}, ColourModel::InvertedCmyk), kRed);
  EXPECT_EQ(ycc_of({255, 255, 255, 255}, ColourModel::InvertedCmyk), kYccWhite);
  EXPECT_EQ(ycc_of({255, 255, 255, 0}, ColourModel::InvertedCmyk), kBlack);
}

TEST(ColourTest, YcckIsTheComplementOfItsInk) {
  EXPECT_EQ(ycc_of({255, 128, 128, 255}, ColourModel::InvertedYcck), kBlack);
  EXPECT_EQ(ycc_of({0, 128, 128, 255}, ColourModel::InvertedYcck), kYccWhite);
  EXPECT_EQ(ycc_of({0, 128, 128, 0}, ColourModel::InvertedYcck), kBlack);
}

TEST(ColourTest, ChromaOfAnOddPictureCoversItsEdge) {
  auto planes = planes_of({3, 1}, {255, 255, 255});
  planes[1].row(0)[2] = 0;
  planes[2].row(0)[2] = 0;
  const Picture picture = to_picture(ColourPicture{planes});
  ASSERT_EQ(picture.planes[2].extent(), (Extent{2, 1}));
  EXPECT_EQ(picture.planes[2].row(0)[0], 128);
  EXPECT_EQ(picture.planes[2].row(0)[1], 255);
}

}  // namespace
}  // namespace bulkhead::imaging
