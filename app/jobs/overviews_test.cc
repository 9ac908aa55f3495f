#include "jobs/overviews.h"

#include <gtest/gtest.h>

namespace bulkhead::jobs {
namespace {

TEST(OverviewsTest, ContactSheetsAreKnownByTheirNames) {
  EXPECT_TRUE(is_contact_sheet("/p/sheet.jpg", "/p/sheet.jpg"));
  EXPECT_TRUE(is_contact_sheet("/p/sheet-12.jpg", "/p/sheet.jpg"));
  for (const char* other :
       {"/p/sheet-.jpg", "/p/sheet-2.png", "/p/sheet-a.jpg", "/q/sheet.jpg", "/p/sheet2.jpg", ""}) {
    EXPECT_FALSE(is_contact_sheet(other, "/p/sheet.jpg")) << other;
  }
  EXPECT_FALSE(is_contact_sheet("/p/sheet.jpg", ""));
}

}  // namespace
}  // namespace bulkhead::jobs
