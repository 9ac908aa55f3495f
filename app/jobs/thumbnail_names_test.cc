#include "jobs/thumbnail_names.h"

#include <gtest/gtest.h>

namespace bulkhead::jobs {
namespace {

TEST(ThumbnailNamesTest, NamesOfAnySizeAndFormatLeadToThePhoto) {
  for (const char* name : {"p/a_thumbnail.jpg", "p/a_thumbnail_64.PNG", "p/a_thumbnail_64x32.webp",
                           "p/a_thumbnail_x60.avif"}) {
    EXPECT_EQ(photo_of_default_name(name), "p/a") << name;
  }
  EXPECT_EQ(photo_of_default_name("a_thumbnail_thumbnail_64.jpg"), "a_thumbnail");
}

TEST(ThumbnailNamesTest, OtherNamesAreThoseOfPhotos) {
  for (const char* name :
       {"p/a.jpg", "p/_thumbnail.jpg", "_thumbnail.jpg", "a_thumbnail.gif", "a_thumbnail",
        "a_thumbnail_.jpg", "a_thumbnail_of.jpg", "a_thumbnail2.jpg", "a_thumbnail/b.jpg"}) {
    EXPECT_EQ(photo_of_default_name(name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace bulkhead::jobs
