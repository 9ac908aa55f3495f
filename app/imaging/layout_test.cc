#include "imaging/layout.h"

#include <gtest/gtest.h>

namespace bulkhead::imaging {
namespace {

Extent inside(Extent picture, Extent box) {
  return lay_out(picture, {.box = box}).canvas;
}

TEST(LayoutTest, InsideRoundsTheShorterSideToTheNearestPixel) {
  EXPECT_EQ(inside({1800, 1200}, {128, 128}), (Extent{128, 85}));
  EXPECT_EQ(inside({1200, 1800}, {128, 128}), (Extent{85, 128}));
  EXPECT_EQ(inside({636, 227}, {128, 128}), (Extent{128, 46}));
  EXPECT_EQ(inside({2725, 2225}, {128, 128}), (Extent{128, 105}));
  EXPECT_EQ(inside({49, 500}, {128, 128}), (Extent{13, 128}));
  EXPECT_EQ(inside({100, 30}, {75, 75}), (Extent{75, 23}));
}

TEST(LayoutTest, NothingIsEnlargedUnlessAskedFor) {
  EXPECT_EQ(inside({121, 81}, {128, 128}), (Extent{121, 81}));
  EXPECT_EQ(inside({1, 1}, {128, 128}), (Extent{1, 1}));
  EXPECT_EQ(lay_out({64, 32}, {.scaling = Scaling::Both}).canvas, (Extent{128, 64}));
  EXPECT_EQ(lay_out({64, 32}, {.scaling = Scaling::OnlyUp}).canvas, (Extent{128, 64}));
  EXPECT_EQ(lay_out({640, 320}, {.scaling = Scaling::OnlyUp}).canvas, (Extent{640, 320}));
}

TEST(LayoutTest, NoSideIsBelowOneOrAboveTheLimitOfJpeg) {
  EXPECT_EQ(inside({193, 31237}, {128, 128}), (Extent{1, 128}));
  EXPECT_EQ(inside({5125, 7}, {128, 128}), (Extent{128, 1}));
  EXPECT_EQ(lay_out({1, 1000}, {.box = {65535, 0}, .scaling = Scaling::Both}).canvas,
            (Extent{65535, 65535}));
}

TEST(LayoutTest, FreeSideFollows) {
  EXPECT_EQ(inside({4000, 3000}, {200, 0}), (Extent{200, 150}));
  EXPECT_EQ(inside({4000, 3000}, {0, 60}), (Extent{80, 60}));
  EXPECT_EQ(lay_out({4000, 3000}, {.box = {0, 60}, .fit = Fit::Cover}).canvas, (Extent{80, 60}));
}

TEST(LayoutTest, BoxNeedNotBeSquare) {
  EXPECT_EQ(inside({4000, 3000}, {100, 300}), (Extent{100, 75}));
  EXPECT_EQ(inside({4000, 3000}, {300, 30}), (Extent{40, 30}));
}

TEST(LayoutTest, CoverFillsTheBoxAndCutsWhatStandsOver) {
  const Layout layout = lay_out({400, 200}, {.box = {100, 100}, .fit = Fit::Cover});
  EXPECT_EQ(layout.canvas, (Extent{100, 100}));
  EXPECT_EQ(layout.whole_size, (Extent{200, 100}));
  EXPECT_EQ(layout.part, (Region{0.25, 0, 0.5, 1}));
  EXPECT_EQ(
      lay_out({400, 200}, {.box = {100, 100}, .fit = Fit::Cover, .gravity = {0, 0}}).part.left, 0);
  EXPECT_EQ(
      lay_out({400, 200}, {.box = {100, 100}, .fit = Fit::Cover, .gravity = {1, 1}}).part.left,
      0.5);
}

TEST(LayoutTest, CoverOfASmallPictureIsWhatItHas) {
  const Layout layout = lay_out({400, 50}, {.box = {100, 100}, .fit = Fit::Cover});
  EXPECT_EQ(layout.canvas, (Extent{100, 50}));
  EXPECT_EQ(layout.part, (Region{0.375, 0, 0.25, 1}));
}

TEST(LayoutTest, MarginIsCutOffAtWholePixels) {
  const SizeRule rule = {
      .box = {224, 224}, .fit = Fit::Cover, .scaling = Scaling::Both, .margin_box = {256, 256}};
  const Layout layout = lay_out({400, 533}, rule);
  EXPECT_EQ(layout.whole_size, (Extent{256, 341}));
  EXPECT_EQ(layout.size, (Extent{224, 224}));
  EXPECT_EQ(layout.part, (Region{16.0 / 256, 58.0 / 341, 224.0 / 256, 224.0 / 341}));
  EXPECT_EQ(lay_out({10, 20}, rule).whole_size, (Extent{256, 512}));
}

TEST(LayoutTest, OnlyWhatIsCutOutHasAMargin) {
  for (const Fit fit : {Fit::Inside, Fit::Contain, Fit::Fill, Fit::Outside}) {
    SizeRule rule = {.box = {224, 224}, .fit = fit, .scaling = Scaling::Both};
    const Layout without = lay_out({400, 533}, rule);
    rule.margin_box = {256, 256};
    EXPECT_EQ(lay_out({400, 533}, rule).canvas, without.canvas) << static_cast<int>(fit);
    EXPECT_EQ(lay_out({400, 533}, rule).size, without.size) << static_cast<int>(fit);
  }
}

TEST(LayoutTest, MarginThatTheBoxStandsOverIsTheBox) {
  const Layout layout = lay_out(
      {400, 400},
      {.box = {100, 300}, .fit = Fit::Cover, .scaling = Scaling::Both, .margin_box = {256, 256}});
  EXPECT_EQ(layout.whole_size, (Extent{300, 300}));
  EXPECT_EQ(layout.size, (Extent{100, 300}));
}

TEST(LayoutTest, ContainHasTheRestOfTheBoxAround) {
  const Layout layout = lay_out({400, 200}, {.box = {100, 100}, .fit = Fit::Contain});
  EXPECT_EQ(layout.size, (Extent{100, 50}));
  EXPECT_EQ(layout.canvas, (Extent{100, 100}));
  EXPECT_EQ(layout.offset, (Extent{0, 25}));
}

TEST(LayoutTest, FillIgnoresProportionsAndOutsideCovers) {
  EXPECT_EQ(lay_out({400, 200}, {.box = {100, 100}, .fit = Fit::Fill}).canvas, (Extent{100, 100}));
  EXPECT_EQ(lay_out({400, 50}, {.box = {100, 100}, .fit = Fit::Fill}).canvas, (Extent{100, 50}));
  EXPECT_EQ(lay_out({400, 200}, {.box = {100, 100}, .fit = Fit::Outside}).canvas,
            (Extent{200, 100}));
}

TEST(LayoutTest, PercentAndAreaStandForABox) {
  EXPECT_EQ(lay_out({401, 200}, {.percent = 50}).canvas, (Extent{201, 100}));
  EXPECT_EQ(lay_out({400, 200}, {.percent = 200}).canvas, (Extent{400, 200}));
  EXPECT_EQ(lay_out({400, 100}, {.area = 10000}).canvas, (Extent{200, 50}));
}

}  // namespace
}  // namespace bulkhead::imaging
