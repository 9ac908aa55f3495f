#include "imaging/orientation.h"

#include <string>

#include <gtest/gtest.h>

namespace bulkhead::imaging {
namespace {

/// A plane of letters, rows separated by '/'.
Plane plane_of(const std::string& letters, Extent extent) {
  Plane plane(extent);
  for (int y = 0; y < extent.height; ++y) {
    for (int x = 0; x < extent.width; ++x) {
      plane.row(y)[x] =
          static_cast<std::uint8_t>(letters[static_cast<std::size_t>(y * (extent.width + 1) + x)]);
    }
  }
  return plane;
}

std::string letters_of(const Plane& plane) {
  std::string letters;
  for (int y = 0; y < plane.height(); ++y) {
    letters += y == 0 ? "" : "/";
    letters.append(reinterpret_cast<const char*>(plane.row(y)),
                   static_cast<std::size_t>(plane.width()));
  }
  return letters;
}

std::string turned_letters(int orientation) {
  return letters_of(turned(plane_of("abc/def", {3, 2}), turn_of(orientation)));
}

// What the standard calls the place of row 0 and column 0: 2 = top right, 3 = bottom right, ...
TEST(OrientationTest, EachValueTurnsAsTheStandardSays) {
  EXPECT_EQ(turned_letters(1), "abc/def");
  EXPECT_EQ(turned_letters(2), "cba/fed");
  EXPECT_EQ(turned_letters(3), "fed/cba");
  EXPECT_EQ(turned_letters(4), "def/abc");
  EXPECT_EQ(turned_letters(5), "ad/be/cf");
  EXPECT_EQ(turned_letters(6), "da/eb/fc");
  EXPECT_EQ(turned_letters(7), "fc/eb/da");
  EXPECT_EQ(turned_letters(8), "cf/be/ad");
}

TEST(OrientationTest, ValueOutsideOfTheStandardDoesNotTurn) {
  EXPECT_EQ(turn_of(0), Turn{});
  EXPECT_EQ(turn_of(9), Turn{});
  EXPECT_EQ(turn_of(-1), Turn{});
}

TEST(OrientationTest, TransposedExtentHasItsSidesExchanged) {
  EXPECT_EQ(turned(Extent{3, 2}, turn_of(6)), (Extent{2, 3}));
  EXPECT_EQ(turned(Extent{3, 2}, turn_of(3)), (Extent{3, 2}));
}

}  // namespace
}  // namespace bulkhead::imaging
