#include "imaging/plane.h"

#include <gtest/gtest.h>

namespace bulkhead::imaging {
namespace {

TEST(PlaneTest, EachRowIsAlignedForTheResizer) {
  Plane plane({65, 3});
  for (int y = 0; y < 3; ++y) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(plane.row(y)) % 64, 0U);
  }
  EXPECT_EQ(plane.stride(), 128);
}

TEST(PlaneTest, UnwrittenSamplesAreMidGrey) {
  const Plane plane({70, 2});
  EXPECT_EQ(plane.row(0)[0], 128);
  EXPECT_EQ(plane.row(1)[69], 128);
}

TEST(PlaneTest, CapacityIsRoomBeyondTheExtent) {
  Plane plane({1, 1}, {200, 16});
  plane.row(15)[199] = 7;
  EXPECT_EQ(plane.extent(), (Extent{1, 1}));
  EXPECT_GE(plane.stride(), 200);
}

}  // namespace
}  // namespace bulkhead::imaging
