#include "jobs/gallery.h"

#include <gtest/gtest.h>

namespace bulkhead::jobs {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(GalleryTest, PhotosAreLinkedFromWhereThePageLies) {
  const std::string page = gallery_page({{{.photo = "photos/x/a.jpg",
                                           .folder = "x",
                                           .thumbnails = {"web/x/a_t.jpg"},
                                           .size = {128, 96}}}},
                                        "web", "/home/me");
  EXPECT_TRUE(contains(page,
                       "<h2>x</h2>\n<ul>\n<li><a href=\"./../photos/x/a.jpg\">"
                       "<img src=\"./x/a_t.jpg\" alt=\"\" width=\"128\" height=\"96\""))
      << page;
}

TEST(GalleryTest, NothingInANameIsTakenForMarkup) {
  const std::string page = gallery_page(
      {{{.photo = "<b>\"&'#\n\xFF.jpg", .folder = "<i>", .thumbnails = {"t.jpg"}, .size = {}}}},
      ".", "/");
  EXPECT_TRUE(contains(page, "href=\"./%3Cb%3E%22&amp;'%23%0A%FF.jpg\"")) << page;
  EXPECT_TRUE(contains(page, "<span>&lt;b&gt;&quot;&amp;'#\\n\\xff.jpg</span>")) << page;
  EXPECT_TRUE(contains(page, "<h2>&lt;i&gt;</h2>")) << page;
  EXPECT_FALSE(contains(page, "width=\"0\""));
}

TEST(GalleryTest, EachFolderHasItsListAndNoPhotosAreSaid) {
  const std::string page = gallery_page({{{"a.jpg", "", {"a.jpg"}, {}},
                                          {"b/b.jpg", "b", {"b.jpg"}, {}},
                                          {"b/c.jpg", "b", {"c.jpg"}, {}}}},
                                        ".", "/");
  const auto count = [&](const std::string& part) {
    int times = 0;
    for (auto at = page.find(part); at != std::string::npos; at = page.find(part, at + 1)) {
      ++times;
    }
    return times;
  };
  EXPECT_EQ(count("<ul>"), 2);
  EXPECT_EQ(count("</ul>"), 2);
  EXPECT_EQ(count("<li>"), 3);
  EXPECT_EQ(count("<h2>"), 1);
  EXPECT_TRUE(contains(gallery_page({}, ".", "/"), "<p>No photos.</p>"));
}

TEST(GalleryTest, FolderHasOneListWhateverStandsBetweenItsPhotos) {
  const std::string page = gallery_page({{{"a.jpg", "", {"a.jpg"}, {}},
                                          {"b/b.jpg", "b", {"b.jpg"}, {}},
                                          {"c.jpg", "", {"c.jpg"}, {}}}},
                                        ".", "/");
  EXPECT_LT(page.find("./c.jpg"), page.find("<h2>b</h2>")) << page;
  EXPECT_LT(page.find("<h2>b</h2>"), page.find("./b.jpg")) << page;
}

}  // namespace
}  // namespace bulkhead::jobs
