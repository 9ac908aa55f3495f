#include "dataset/file_extension.h"

#include <gtest/gtest.h>

namespace bulkhead::dataset {
namespace {

using imaging::FileFormat;

TEST(FileExtensionTest, OneOfTheFormatIsKept) {
  EXPECT_EQ(file_extension(FileFormat::Jpeg, "a.JPEG"), "jpeg");
  EXPECT_EQ(file_extension(FileFormat::Heif, "a.avif"), "avif");
}

TEST(FileExtensionTest, AnyOtherBecomesThatOfTheFormat) {
  EXPECT_EQ(file_extension(FileFormat::Png, "a.jpg"), "png");
  EXPECT_EQ(file_extension(FileFormat::Jpeg, "photo"), "jpg");
  EXPECT_EQ(file_extension(FileFormat::Tiff, "a." + std::string(200, 'x')), "tif");
  EXPECT_EQ(file_extension(FileFormat{99}, "a.y/sub/photo"), "raw");
}

}  // namespace
}  // namespace bulkhead::dataset
