#include "imaging/picture_header.h"

#include <string_view>

#include <gtest/gtest.h>

#include "photos/photo.h"
#include "photos/raster.h"

namespace bulkhead::imaging {
namespace {

TEST(PictureHeaderTest, SizeIsThatOfThePictureUpright) {
  const auto file = test_photos::make_photo({.width = 120, .height = 80, .orientation = 6});
  const auto header = read_picture_header(file);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->format, FileFormat::Jpeg);
  EXPECT_EQ(header->orientation, 6);
  EXPECT_EQ(header->stored, (Extent{80, 120}));
  EXPECT_EQ(header->shown(), (Extent{120, 80}));
}

TEST(PictureHeaderTest, NoPixelIsNeeded) {
  auto file = test_photos::make_photo({.width = 120, .height = 80});
  file.resize(700);
  const auto header = read_picture_header(file);
  ASSERT_TRUE(header) << header.error().message;
  EXPECT_EQ(header->shown(), (Extent{120, 80}));
}

TEST(PictureHeaderTest, WhatIsNoImageIsRefused) {
  const std::string_view text = "no picture";
  const auto header = read_picture_header(std::as_bytes(std::span(text)));
  ASSERT_FALSE(header);
  EXPECT_EQ(header.error().fault, ImageFault::NotAnImage);
}

}  // namespace
}  // namespace bulkhead::imaging
