#include "files/publish.h"

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"

namespace bulkhead::files {
namespace {

std::string publish_text(const std::string& path, std::string_view text) {
  const auto done = publish(path, std::as_bytes(std::span(text)));
  return done ? "" : done.error().path + ": " + done.error().reason;
}

class PublishTest : public testing::Test {
 protected:
  TemporaryFolder folder;
};

TEST_F(PublishTest, OwnersFilesAndTheFoldersMadeForThemAreForNobodyElse) {
  ASSERT_TRUE(publish(folder / "x/y/a.png", {}, {.access = Access::OwnerOnly}));
  const auto mode = [this](const char* path) {
    return std::filesystem::status(folder / path).permissions();
  };
  using std::filesystem::perms;
  EXPECT_EQ(mode("x"), perms::owner_all);
  EXPECT_EQ(mode("x/y"), perms::owner_all);
  EXPECT_EQ(mode("x/y/a.png"), perms::owner_read | perms::owner_write);
}

TEST_F(PublishTest, WritesANewFile) {
  EXPECT_EQ(publish_text(folder / "a.jpg", "whole"), "");
  EXPECT_EQ(folder.read("a.jpg"), "whole");
  EXPECT_EQ(folder.count(), 1U);
}

TEST_F(PublishTest, ReplacesAFile) {
  folder.write("a.jpg", "an older and longer one");
  EXPECT_EQ(publish_text(folder / "a.jpg", "whole"), "");
  EXPECT_EQ(folder.read("a.jpg"), "whole");
  EXPECT_EQ(folder.count(), 1U);
}

TEST_F(PublishTest, ReplacesALinkAndNotWhatItPointsAt) {
  folder.write("target", "precious");
  std::filesystem::create_symlink("target", folder / "a.jpg");
  EXPECT_EQ(publish_text(folder / "a.jpg", "whole"), "");
  EXPECT_EQ(folder.read("a.jpg"), "whole");
  EXPECT_EQ(folder.read("target"), "precious");
}

TEST_F(PublishTest, GivesTheFileTheRightsOfTheUmask) {
  const mode_t before = ::umask(027);
  EXPECT_EQ(publish_text(folder / "a.jpg", "whole"), "");
  ::umask(before);
  struct stat status {};
  ASSERT_EQ(::stat((folder / "a.jpg").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0640U);
}

TEST_F(PublishTest, MakesTheFoldersOnTheWay) {
  EXPECT_EQ(publish_text(folder / "x/y/a.jpg", "whole"), "");
  EXPECT_EQ(folder.read("x/y/a.jpg"), "whole");
}

TEST_F(PublishTest, TakesTheLongestNameThereIs) {
  const std::string name(255, 'n');
  EXPECT_EQ(publish_text(folder / name, "first"), "");
  EXPECT_EQ(publish_text(folder / name, "second"), "");
  EXPECT_EQ(folder.read(name), "second");
}

TEST_F(PublishTest, FolderFileInTheWayAndDeviceAreErrors) {
  std::filesystem::create_directory(folder / "a.jpg");
  EXPECT_EQ(publish_text(folder / "a.jpg", "x"), (folder / "a.jpg") + ": is a directory");
  folder.write("b");
  EXPECT_EQ(publish_text(folder / "b/a.jpg", "x"), (folder / "b/a.jpg") + ": not a directory");
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(publish_text(folder / "pipe", "x"), (folder / "pipe") + ": file exists");
  EXPECT_EQ(publish_text("/proc/self/a.jpg", "x"), "/proc/self/a.jpg: no such file or directory");
  EXPECT_EQ(folder.count(), 3U);
}

TEST_F(PublishTest, ReadOnlyFolderIsAnError) {
  const OrdinaryUser user;
  const TemporaryFolder own;
  ASSERT_EQ(::chmod(own.path().c_str(), 0500), 0);
  EXPECT_EQ(publish_text(own / "a.jpg", "x"), (own / "a.jpg") + ": permission denied");
}

}  // namespace
}  // namespace bulkhead::files
