// What the program never replaces, and what it never takes for a photo.

#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "thumbnails_fixture.h"

namespace bulkhead::tests {
namespace {

class ThumbnailsReplacementTest : public ThumbnailsProgramTest {
 protected:
  // That the run is refused with one line that holds `reason`, and changes nothing.
  void expect_refused(const Strings& arguments, const std::string& reason) const {
    const auto before = files();
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.status, 2) << ended.err;
    EXPECT_EQ(lines_of(ended.err).size(), 1U) << ended.err;
    EXPECT_NE(ended.err.find(reason), std::string::npos) << ended.err;
    EXPECT_EQ(files(), before);
  }
};

TEST_F(ThumbnailsReplacementTest, OutputFolderIsNotSearchedUnlessItIsNamed) {
  folder.write("a.jpg", quick_photo());
  run({"-r", "-s", "64", "-d", "thumbs", "."});
  folder.write("thumbs/photo.jpg", quick_photo());
  const Ended ended = run({"-r", "-s", "64", "-s", "32", "-d", "thumbs", "."});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.err.find("2 left out"), std::string::npos) << ended.err;
  EXPECT_EQ(names(), Strings({"a.jpg", "thumbs/a_thumbnail.jpg", "thumbs/a_thumbnail_32.jpg",
                              "thumbs/a_thumbnail_64.jpg", "thumbs/photo.jpg"}));
  EXPECT_NE(
      run({"-n", "-d", "thumbs", "thumbs"}).out.find("A thumbnail for thumbs/photo.jpg would"),
      std::string::npos);
}

TEST_F(ThumbnailsReplacementTest, ThumbnailsOfOtherSizesAndFormatsAreNoPhotos) {
  folder.write("a.jpg", quick_photo());
  run({"-s", "64"});
  run({"-s", "64", "-s", "32"});
  const Ended ended = run({"-f", "png"});
  EXPECT_EQ(names(), Strings({"a.jpg", "a_thumbnail.jpg", "a_thumbnail.png", "a_thumbnail_32.jpg",
                              "a_thumbnail_64.jpg"}));
  EXPECT_NE(ended.err.find("3 left out"), std::string::npos) << ended.err;
  EXPECT_EQ(lines_of(run({"-n", "-f", "png", ".", "./a_thumbnail_32.jpg"}).out).size(), 2U);
}

TEST_F(ThumbnailsReplacementTest, PhotoThatIsOnlyCalledLikeAThumbnailIsOne) {
  folder.write("a_thumbnail_32.jpg", quick_photo());
  EXPECT_EQ(lines_of(run({}).out), Strings({line_for("a_thumbnail_32")}));
}

TEST_F(ThumbnailsReplacementTest, ReportAndJournalReplaceNoPhoto) {
  folder.write("a.jpg", quick_photo());
  folder.write("b.jpg", quick_photo());
  folder.write("c", quick_photo());
  std::filesystem::create_symlink("c", folder / "link");
  expect_refused({"--report", "a.jpg", "b.jpg"}, "--report: a.jpg is called like a photo");
  expect_refused({"--journal", "a.jpg", "b.jpg"}, "--journal: a.jpg is called like a photo");
  expect_refused({"--report", "c", "c"}, "--report: c is a photo of this run");
  expect_refused({"--report", "link", "c"}, "--report: link is a photo of this run");
}

TEST_F(ThumbnailsReplacementTest, PageReplacesNoPhoto) {
  folder.write("web/index.html", quick_photo());
  expect_refused({"--gallery", "web", "web/index.html"}, "web/index.html is a photo of this run");
}

TEST_F(ThumbnailsReplacementTest, ContactSheetReplacesOnlyContactSheets) {
  folder.write("p/IMG.jpg", quick_photo());
  folder.write("p/IMG-1.jpg", quick_photo());
  expect_refused({"--contact-sheet", "p/IMG.jpg", "p/IMG-1.jpg"}, "no contact sheet");
  expect_refused({"--contact-sheet", "p/IMG.jpg", "p"}, "no contact sheet");
  std::filesystem::remove(folder / "p/IMG.jpg");
  for (int times = 0; times < 2; ++times) {
    const Ended ended = run({"--contact-sheet", "p/IMG.jpg", "p"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(names(), Strings({"p/IMG-1.jpg", "p/IMG-1_thumbnail.jpg", "p/IMG.jpg"}));
  }
}

TEST_F(ThumbnailsReplacementTest, FileThatAppearsInTheSheetsPlaceStays) {
  folder.write("a.jpg", quick_photo());
  const Ended ended = run({"--contact-sheet", "a_thumbnail.jpg", "a.jpg"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("cannot save a_thumbnail.jpg"), std::string::npos) << ended.err;
  EXPECT_EQ(lines_of(ended.out), Strings({line_for("a")}));
}

TEST_F(ThumbnailsReplacementTest, OfSeveralSizesThoseThatExistStay) {
  folder.write("a.jpg", quick_photo());
  folder.write("a_thumbnail_64.jpg", "mine");
  const Ended ended = run({"--skip-existing", "--json", "-s", "64", "-s", "32", "a.jpg"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(folder.read("a_thumbnail_64.jpg"), "mine");
  EXPECT_TRUE(is_whole_jpeg(folder.read("a_thumbnail_32.jpg")));
  const auto parsed = records(ended.out);
  ASSERT_EQ(parsed.size(), 2U);
  EXPECT_EQ(parsed[0].at("status"), "skipped");
  EXPECT_EQ(parsed[1].at("status"), "ok");
}

TEST_F(ThumbnailsReplacementTest, PartOfAGalleryDoesNotTakeThePlaceOfTheWhole) {
  folder.write("in/b.jpg", quick_photo());
  folder.write("in/c.jpg", quick_photo());
  EXPECT_EQ(run({"--gallery", "web", "in"}).status, 0);
  const std::string page = folder.read("web/index.html");
  folder.write("in/a.jpg", "no photo");
  const Ended ended = run({"--fail-fast", "--gallery", "web", "in"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("the overviews were not made, as the run was stopped"),
            std::string::npos)
      << ended.err;
  EXPECT_EQ(folder.read("web/index.html"), page);
}

}  // namespace
}  // namespace bulkhead::tests
