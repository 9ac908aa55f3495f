#include "imaging/geometry.h"

#include <gtest/gtest.h>

namespace bulkhead::imaging {
namespace {

TEST(FitInsideTest, RoundsTheShorterSideToTheNearestPixel) {
  EXPECT_EQ(fit_inside({1800, 1200}, {128, 128}), (Extent{128, 85}));
  EXPECT_EQ(fit_inside({1200, 1800}, {128, 128}), (Extent{85, 128}));
  EXPECT_EQ(fit_inside({636, 227}, {128, 128}), (Extent{128, 46}));
  EXPECT_EQ(fit_inside({2725, 2225}, {128, 128}), (Extent{128, 105}));
  EXPECT_EQ(fit_inside({49, 500}, {128, 128}), (Extent{13, 128}));
  EXPECT_EQ(fit_inside({100, 30}, {75, 75}), (Extent{75, 23}));
}

TEST(FitInsideTest, NeverEnlarges) {
  EXPECT_EQ(fit_inside({121, 81}, {128, 128}), (Extent{121, 81}));
  EXPECT_EQ(fit_inside({128, 128}, {128, 128}), (Extent{128, 128}));
  EXPECT_EQ(fit_inside({1, 1}, {128, 128}), (Extent{1, 1}));
}

TEST(FitInsideTest, NoSideIsBelowOne) {
  EXPECT_EQ(fit_inside({193, 31237}, {128, 128}), (Extent{1, 128}));
  EXPECT_EQ(fit_inside({5125, 7}, {128, 128}), (Extent{128, 1}));
  EXPECT_EQ(fit_inside({65500, 1}, {128, 128}), (Extent{128, 1}));
}

TEST(FitInsideTest, FitsIntoABoxThatIsNotSquare) {
  EXPECT_EQ(fit_inside({4000, 3000}, {100, 300}), (Extent{100, 75}));
  EXPECT_EQ(fit_inside({4000, 3000}, {300, 30}), (Extent{40, 30}));
  EXPECT_EQ(fit_inside({400, 300}, {1000, 30}), (Extent{40, 30}));
}

TEST(FitInsideTest, BoxSideBelowOneCountsAsOne) {
  EXPECT_EQ(fit_inside({400, 300}, {0, -5}), (Extent{1, 1}));
}

TEST(ChooseDctScaleTest, LeavesTwiceTheBindingSide) {
  EXPECT_EQ(choose_dct_scale({2048, 1536}, {128, 128}), 1);
  EXPECT_EQ(choose_dct_scale({2047, 1536}, {128, 128}), 2);
  EXPECT_EQ(choose_dct_scale({1024, 768}, {128, 128}), 2);
  EXPECT_EQ(choose_dct_scale({1023, 768}, {128, 128}), 4);
  EXPECT_EQ(choose_dct_scale({512, 384}, {128, 128}), 4);
  EXPECT_EQ(choose_dct_scale({511, 384}, {128, 128}), 8);
  EXPECT_EQ(choose_dct_scale({100, 100}, {128, 128}), 8);
}

TEST(ChooseDctScaleTest, HeightBindsAPortrait) {
  EXPECT_EQ(choose_dct_scale({1536, 2048}, {128, 128}), 1);
  EXPECT_EQ(choose_dct_scale({1536, 2047}, {128, 128}), 2);
}

TEST(ChooseDctScaleTest, LeavesTwoPixelsOfTheShortestSide) {
  EXPECT_EQ(choose_dct_scale({60000, 16}, {128, 128}), 1);
  EXPECT_EQ(choose_dct_scale({60000, 15}, {128, 128}), 2);
  EXPECT_EQ(choose_dct_scale({60000, 4}, {128, 128}), 4);
  EXPECT_EQ(choose_dct_scale({60000, 1}, {128, 128}), 8);
}

TEST(ChromaRegionTest, EvenPictureIsTheWholePlane) {
  EXPECT_EQ(chroma_region(250.5, 187.25, {128, 96}, {}), (Region{0, 0, 250.5, 187.25}));
}

TEST(ChromaRegionTest, LastSampleOfAnOddPictureReachesOutside) {
  const Region region = chroma_region(85, 170, {85, 85}, {});
  EXPECT_DOUBLE_EQ(region.left, 0);
  EXPECT_DOUBLE_EQ(region.width, 86);
  EXPECT_DOUBLE_EQ(region.top, 0);
  EXPECT_DOUBLE_EQ(region.height, 172);
}

TEST(ChromaRegionTest, FlippedPictureReachesOutsideAtItsOtherEnd) {
  const Region region = chroma_region(85, 170, {85, 85}, {.flip_x = true, .flip_y = true});
  EXPECT_DOUBLE_EQ(region.left, -1);
  EXPECT_DOUBLE_EQ(region.width, 86);
  EXPECT_DOUBLE_EQ(region.top, -2);
  EXPECT_DOUBLE_EQ(region.height, 172);
}

}  // namespace
}  // namespace bulkhead::imaging
