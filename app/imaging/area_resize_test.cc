#include "imaging/area_resize.h"

#include <vector>

#include <gtest/gtest.h>

#include "imaging/resize.h"

namespace bulkhead::imaging {
namespace {

Plane row_of(const std::vector<int>& values) {
  Plane plane(Extent{static_cast<int>(values.size()), 1});
  std::ranges::transform(values, plane.row(0), [](int v) { return static_cast<std::uint8_t>(v); });
  return plane;
}

std::vector<int> values_of(const Plane& plane) {
  return {plane.row(0), plane.row(0) + plane.width()};
}

TEST(AreaResizeTest, SampleIsTheMeanOfWhatItCovers) {
  const Plane source = row_of({0, 100, 200, 40});
  EXPECT_EQ(values_of(resize_by_area(source, {0, 0, 4, 1}, {2, 1})), (std::vector{50, 120}));
  EXPECT_EQ(values_of(resize_by_area(source, {0.5, 0, 3, 1}, {2, 1})), (std::vector{67, 147}));
}

TEST(AreaResizeTest, EdgeGoesOnOutsideOfTheSource) {
  const Plane source = row_of({10, 20});
  EXPECT_EQ(values_of(resize_by_area(source, {-2, -3, 6, 7}, {3, 1})), (std::vector{10, 15, 20}));
}

TEST(AreaResizeTest, IsTheFilterThatResizeIsAskedFor) {
  const Plane source = row_of({0, 100, 200, 40, 9, 77, 4, 250});
  const Region all{0, 0, 8, 1};
  EXPECT_EQ(values_of(*resize(source, all, {3, 1}, Filter::Area)),
            values_of(resize_by_area(source, all, {3, 1})));
  EXPECT_NE(values_of(*resize(source, all, {3, 1}, Filter::Bicubic)),
            values_of(*resize(source, all, {3, 1}, Filter::Lanczos3)));
}

}  // namespace
}  // namespace bulkhead::imaging
