#include "jobs/thumbnail_task.h"

#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"
#include "photos/photo.h"

namespace bulkhead::jobs {
namespace {

std::string photo(const test_photos::PhotoOptions& options) {
  const auto bytes = test_photos::make_photo(options);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class ThumbnailTaskTest : public testing::Test {
 protected:
  ThumbnailReply reply(std::string_view content) const {
    return make_one({}, {.path = folder.write("a.jpg", content)});
  }

  files::TemporaryFolder folder;
};

TEST_F(ThumbnailTaskTest, TellsOfThePhotoAndOfItsThumbnail) {
  const std::string content = photo({.width = 640, .height = 480, .orientation = 6});
  const ThumbnailReply made = reply(content);
  EXPECT_EQ(made.error, "");
  EXPECT_EQ(made.damage, "");
  EXPECT_EQ(made.source, (imaging::Extent{640, 480}));
  EXPECT_EQ(made.made.at(0).size, (imaging::Extent{128, 96}));
  EXPECT_EQ(made.orientation, 6);
  EXPECT_EQ(made.source_bytes, content.size());
  EXPECT_EQ(made.worker, ::getpid());
  EXPECT_GT(made.made.at(0).bytes.size(), 100U);
}

TEST_F(ThumbnailTaskTest, DamagedPhotoHasAThumbnailAndAReason) {
  const std::string content = photo({});
  const ThumbnailReply made = reply(std::string_view(content).substr(0, content.size() / 2));
  EXPECT_EQ(made.error, "");
  EXPECT_NE(made.damage, "");
  EXPECT_EQ(made.made.size(), 1U);
}

TEST_F(ThumbnailTaskTest, WhatIsNoPhotoHasAReasonAndNoBytes) {
  for (const std::string_view content : {"", "no image at all", "\xFF\xD8"}) {
    const ThumbnailReply none = reply(content);
    EXPECT_NE(none.error, "") << content;
    EXPECT_TRUE(none.made.empty()) << content;
  }
  EXPECT_EQ(reply("").error, "is empty");
}

TEST_F(ThumbnailTaskTest, MissingPhotoAndFolderAreNamedSo) {
  EXPECT_EQ(make_one({}, {.path = folder / "gone.jpg"}).error, "no such file or directory");
  EXPECT_EQ(make_one({}, {.path = folder.path()}).error, "is a folder");
}

TEST_F(ThumbnailTaskTest, ReplyWithAnotherNumberOfThumbnailsIsAnError) {
  ThumbnailReply made = reply(photo({}));
  check(made, 1);
  EXPECT_EQ(made.error, "");
  check(made, 2);
  EXPECT_EQ(made.error, "its worker gave back 1 thumbnails in place of 2");
  ThumbnailReply failed{.error = "is empty"};
  check(failed, 1);
  EXPECT_EQ(failed.error, "is empty");
}

class SectionTaskTest : public ThumbnailTaskTest {
 protected:
  /// What comes of the sections of a file; none when one of them was refused.
  ThumbnailReply joined(const std::string& path, const imaging::ThumbnailOptions& options) const {
    std::vector<imaging::Section> sections;
    for (int i = 0; i < 2; ++i) {
      ThumbnailReply reply = make_one(options, {.path = path, .section = {.index = i, .count = 2}});
      EXPECT_EQ(reply.error, "");
      EXPECT_TRUE(reply.made.empty());
      if (reply.section) {
        sections.push_back(*std::move(reply.section));
      }
    }
    return join_one(options, {.path = path}, sections);
  }
};

TEST_F(SectionTaskTest, SectionsGiveTheThumbnailsOfTheWhole) {
  const std::string path =
      folder.write("a.jpg", photo({.width = 900, .height = 700, .quality = 96, .orientation = 6}));
  imaging::ThumbnailOptions options;
  options.sizes = {{.box = {50, 50}}, {.box = {30, 30}}};
  const ThumbnailReply whole = make_one(options, {.path = path});
  const ThumbnailReply together = joined(path, options);
  ASSERT_EQ(together.made.size(), 2U);
  EXPECT_EQ(together.made[0].bytes, whole.made[0].bytes);
  EXPECT_EQ(together.made[1].bytes, whole.made[1].bytes);
  EXPECT_EQ(together.source, whole.source);
  EXPECT_EQ(together.decoder, whole.decoder);
  EXPECT_EQ(together.orientation, 6);
  EXPECT_EQ(together.source_bytes, whole.source_bytes);
  EXPECT_EQ(together.modified, whole.modified);
}

TEST_F(SectionTaskTest, WhatCannotBeDecodedInSectionsGivesNothingAndNoError) {
  const std::string good = photo({.width = 900, .height = 700, .quality = 96});
  const imaging::ThumbnailOptions small = {.sizes = {{.box = {50, 50}}}};
  EXPECT_TRUE(joined(folder.write("a.jpg", good.substr(0, 60'000)), small).made.empty());
  EXPECT_TRUE(joined(folder.write("b.jpg", "no image"), small).made.empty());
  EXPECT_TRUE(joined(folder.write("c.jpg", ""), small).made.empty());
  EXPECT_TRUE(joined(folder / "gone.jpg", small).made.empty());
  const std::string path = folder.write("d.jpg", good);
  EXPECT_FALSE(joined(path, small).made.empty());
  imaging::ThumbnailOptions other = small;
  other.sizes.front().box = {100, 100};  // At 2/8 it does not pay.
  EXPECT_TRUE(joined(path, other).made.empty());
  other = small;
  other.from = imaging::PictureSource::Preview;
  EXPECT_TRUE(joined(path, other).made.empty());
}

}  // namespace
}  // namespace bulkhead::jobs
