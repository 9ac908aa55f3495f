#include "imaging/sharpen.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "imaging/one_thumbnail.h"
#include "photos/photo.h"

namespace bulkhead::imaging {
namespace {

using Rows = std::vector<std::vector<int>>;

Rows sharpened(const Rows& rows, int percent) {
  Plane plane({static_cast<int>(rows[0].size()), static_cast<int>(rows.size())});
  for (int y = 0; y < plane.height(); ++y) {
    std::ranges::transform(rows[static_cast<std::size_t>(y)], plane.row(y),
                           [](int value) { return static_cast<std::uint8_t>(value); });
  }
  sharpen(plane, percent);
  Rows result;
  for (int y = 0; y < plane.height(); ++y) {
    result.emplace_back(plane.row(y), plane.row(y) + plane.width());
  }
  return result;
}

TEST(SharpenTest, DifferenceToTheNeighboursGrows) {
  // The mean around the point is 100 + 40 × 4 / 16, beside it 100 + 40 × 2 / 16.
  EXPECT_EQ(sharpened({{100, 100, 100}, {100, 140, 100}, {100, 100, 100}}, 100),
            (Rows{{98, 95, 98}, {95, 170, 95}, {98, 95, 98}}));
}

TEST(SharpenTest, EvenAreasAndNothingAddedStayAsTheyAre) {
  const Rows even(3, std::vector<int>(4, 77));
  EXPECT_EQ(sharpened(even, 300), even);
  const Rows uneven = {{1, 200}, {30, 4}};
  EXPECT_EQ(sharpened(uneven, 0), uneven);
}

TEST(SharpenTest, ValuesStayInTheirRange) {
  EXPECT_EQ(sharpened({{0, 255}}, 500), (Rows{{0, 255}}));
  EXPECT_EQ(sharpened({{9}}, 500), (Rows{{9}}));
}

double mean_step(const std::vector<std::byte>& samples, Extent size) {
  double sum = 0;
  for (std::size_t i = 3; i < samples.size(); ++i) {
    sum += std::abs(std::to_integer<int>(samples[i]) - std::to_integer<int>(samples[i - 3]));
  }
  return sum / double(area(size));
}

TEST(SharpenTest, ThumbnailsAreSharpenedOnEveryWay) {
  const auto photo = test_photos::make_photo({.width = 640, .height = 480});
  for (const Mixing mixing : {Mixing::Gamma, Mixing::Light}) {
    const auto steps = [&](int percent) {
      const auto made = make_thumbnails(photo, {.encoding = {.format = OutputFormat::Samples},
                                                .mixing = mixing,
                                                .sharpen_percent = percent});
      return mean_step(made->made[0].bytes, made->made[0].size);
    };
    EXPECT_GT(steps(100), 1.1 * steps(0));
  }
}

TEST(SharpenTest, SmallerSizesAreNotSharpenedTwice) {
  const auto photo = test_photos::make_photo({.width = 640, .height = 480});
  const auto sizes = [](std::vector<int> sides) {
    std::vector<SizeRule> rules;
    for (const int side : sides) {
      rules.push_back({.box = {side, side}});
    }
    return rules;
  };
  const auto made = [&](const std::vector<SizeRule>& rules, int percent) {
    return make_thumbnails(photo, {.sizes = rules,
                                   .encoding = {.format = OutputFormat::Samples},
                                   .sharpen_percent = percent})
        ->made.back();
  };
  // At 0 percent the small one of a large one and that of the photo are nearly alike, as here.
  const Thumbnail of_large = made(sizes({400, 100}), 200);
  const Thumbnail of_photo = made(sizes({100}), 200);
  EXPECT_NEAR(mean_step(of_large.bytes, of_large.size), mean_step(of_photo.bytes, of_photo.size),
              0.05 * mean_step(of_photo.bytes, of_photo.size));
}

}  // namespace
}  // namespace bulkhead::imaging
