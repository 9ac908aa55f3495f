#include "files/photo_name.h"

#include <gtest/gtest.h>

namespace bulkhead::files {
namespace {

TEST(PhotoNameTest, EndsInTheExtensionOfAFormatInAnyCase) {
  for (const char* name :
       {"a.jpg", "a.JPG", "a.jpeg", "a.JpEg", ".jpg", "-s.jpg", "50%d.jpg", "a.JPE", "a.png",
        "a.GIF", "a.WebP", "a.tif", "a.TIFF", "a.bmp", "a.HEIC", "a.avif", "a.mpo"}) {
    EXPECT_TRUE(is_photo_name(name)) << name;
  }
  for (const char* name : {"", "jpg", "a.jp", "a.jpg.txt", "a.jpgx", "a.svg", "a.pdf", "a.png~"}) {
    EXPECT_FALSE(is_photo_name(name)) << name;
  }
}

}  // namespace
}  // namespace bulkhead::files
