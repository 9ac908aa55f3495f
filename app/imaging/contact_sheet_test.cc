#include "imaging/contact_sheet.h"

#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>

#include "photos/photo.h"

namespace bulkhead::imaging {
namespace {

std::vector<std::byte> photo_of(int width, int height, std::uint8_t value) {
  test_photos::Pixels pixels{.width = width, .height = height, .rgb = {}};
  pixels.rgb.assign(std::size_t(width) * std::size_t(height) * 3, value);
  return test_photos::encode_photo(pixels, {});
}

TEST(ContactSheetTest, PicturesStandInTheMiddleOfTheirCellsInRows) {
  ContactSheet sheet(3, {.cell = {40, 40}, .columns = 2, .gap = 10});
  EXPECT_TRUE(sheet.show(0, photo_of(80, 40, 10)));
  EXPECT_TRUE(sheet.show(1, photo_of(20, 20, 100)));
  EXPECT_FALSE(sheet.show(2, {}));
  const auto shown = test_photos::decode_photo(*sheet.encoded(), test_photos::Channels::Rgb).pixels;
  ASSERT_EQ(shown.width, 110);
  ASSERT_EQ(shown.height, 110);
  const auto is_near = [&](int x, int y, int value) {
    return std::abs(*shown.at(x, y) - value) < 12;
  };
  EXPECT_TRUE(is_near(30, 30, 10));   // in the middle of the first
  EXPECT_TRUE(is_near(30, 13, 255));  // above it
  EXPECT_TRUE(is_near(80, 30, 100));  // the second, which is not enlarged
  EXPECT_TRUE(is_near(64, 30, 255));  // beside it
  EXPECT_TRUE(is_near(30, 80, 255));  // the one that is no picture
}

TEST(ContactSheetTest, OneRowIsAsWideAsItsPictures) {
  const ContactSheet sheet(2, {.cell = {30, 20}, .columns = 10, .gap = 5});
  const auto shown = test_photos::decode_photo(*sheet.encoded(), test_photos::Channels::Rgb).pixels;
  EXPECT_EQ(shown.width, 75);
  EXPECT_EQ(shown.height, 30);
}

}  // namespace
}  // namespace bulkhead::imaging
