#include "imaging/geometry.h"

#include <gtest/gtest.h>

namespace bulkhead::imaging {
namespace {

TEST(ChooseDctScaleTest, LeavesNearlyTwiceTheBindingSide) {
  EXPECT_EQ(choose_dct_scale({1946, 1460}, {128, 96}), 1);
  EXPECT_EQ(choose_dct_scale({1945, 1459}, {128, 96}), 2);
  EXPECT_EQ(choose_dct_scale({973, 730}, {128, 96}), 2);
  EXPECT_EQ(choose_dct_scale({972, 729}, {128, 96}), 3);
  EXPECT_EQ(choose_dct_scale({649, 487}, {128, 96}), 3);
  EXPECT_EQ(choose_dct_scale({648, 486}, {128, 96}), 4);
  EXPECT_EQ(choose_dct_scale({487, 365}, {128, 96}), 4);
  EXPECT_EQ(choose_dct_scale({486, 364}, {128, 96}), 8);
  EXPECT_EQ(choose_dct_scale({100, 100}, {100, 100}), 8);
}

TEST(ChooseDctScaleTest, HeightBindsAPortrait) {
  EXPECT_EQ(choose_dct_scale({1460, 1946}, {96, 128}), 1);
  EXPECT_EQ(choose_dct_scale({1459, 1945}, {96, 128}), 2);
}

TEST(ChooseDctScaleTest, LeavesTwoPixelsOfTheShortestSide) {
  EXPECT_EQ(choose_dct_scale({60000, 16}, {128, 1}), 1);
  EXPECT_EQ(choose_dct_scale({60000, 15}, {128, 1}), 2);
  EXPECT_EQ(choose_dct_scale({60000, 6}, {128, 1}), 3);
  EXPECT_EQ(choose_dct_scale({60000, 4}, {128, 1}), 4);
  EXPECT_EQ(choose_dct_scale({60000, 1}, {128, 1}), 8);
}

TEST(ChooseDctScaleTest, RoundingOfTheOtherSideDoesNotCount) {
  EXPECT_EQ(choose_dct_scale({2048, 1528}, {128, 96}), 1);
}

TEST(ChooseDctScaleTest, BothSidesCountWhereProportionsAreNotKept) {
  EXPECT_EQ(choose_dct_scale({2048, 2048}, {16, 1000}), 8);
}

TEST(ChooseDctScaleTest, MoreIsLeftWhenAskedFor) {
  EXPECT_EQ(choose_dct_scale({4096, 3072}, {128, 96}, 40), 1);
  EXPECT_EQ(choose_dct_scale({2048, 1536}, {128, 96}, 40), 2);
}

TEST(ChromaRegionTest, EvenPictureIsTheWholePlane) {
  EXPECT_EQ(chroma_region({3, 4, 250.5, 187.25}, {128, 96}, {}), (Region{3, 4, 250.5, 187.25}));
}

TEST(ChromaRegionTest, LastSampleOfAnOddPictureReachesOutside) {
  const Region region = chroma_region({0, 0, 85, 170}, {85, 85}, {});
  EXPECT_DOUBLE_EQ(region.left, 0);
  EXPECT_DOUBLE_EQ(region.width, 86);
  EXPECT_DOUBLE_EQ(region.top, 0);
  EXPECT_DOUBLE_EQ(region.height, 172);
}

TEST(ChromaRegionTest, FlippedPictureReachesOutsideAtItsOtherEnd) {
  const Region region = chroma_region({0, 0, 85, 170}, {85, 85}, {.flip_x = true, .flip_y = true});
  EXPECT_DOUBLE_EQ(region.left, -1);
  EXPECT_DOUBLE_EQ(region.width, 86);
  EXPECT_DOUBLE_EQ(region.top, -2);
  EXPECT_DOUBLE_EQ(region.height, 172);
}

}  // namespace
}  // namespace bulkhead::imaging
