#include "files/pending_file.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"

namespace bulkhead::files {
namespace {

TEST(PendingFileTest, HasItsNameWhenItIsComplete) {
  const TemporaryFolder folder;
  folder.write("out", "old");
  auto file = PendingFile::create(folder / "out");
  ASSERT_TRUE(file);
  const std::string large(1'000'000, 'x');
  file->write(large);
  EXPECT_EQ(folder.read("out"), "old");
  file->write("end");
  ASSERT_TRUE(file->publish());
  EXPECT_EQ(folder.read("out"), large + "end");
  EXPECT_EQ(folder.count(), 1U);
}

TEST(PendingFileTest, ItsStartMayBeWrittenLast) {
  const TemporaryFolder folder;
  auto file = PendingFile::create(folder / "out");
  ASSERT_TRUE(file);
  file->write("....rest");
  file->rewrite_start("head");
  file->write("!");
  ASSERT_TRUE(file->publish());
  EXPECT_EQ(folder.read("out"), "headrest!");
}

TEST(PendingFileTest, NothingIsLeftOfOneThatIsNotPublished) {
  const TemporaryFolder folder;
  {
    auto file = PendingFile::create(folder / "out");
    ASSERT_TRUE(file);
    file->write("x");
    const PendingFile moved = *std::move(file);
    EXPECT_EQ(folder.count(), 0U);
  }
  EXPECT_EQ(folder.count(), 0U);
}

TEST(PendingFileTest, HasANameForThoseWhoWriteItThemselves) {
  const TemporaryFolder folder;
  {
    auto file = PendingFile::create(folder / "out");
    ASSERT_TRUE(file);
    std::ofstream(file->temporary_path()) << "mine";
    ASSERT_TRUE(file->publish());
    EXPECT_EQ(folder.read("out"), "mine");
  }
  {
    auto file = PendingFile::create(folder / "other");
    ASSERT_TRUE(file);
    file->temporary_path();
    EXPECT_EQ(folder.count(), 2U);
  }
  EXPECT_EQ(folder.count(), 1U);
}

TEST(PendingFileTest, FoldersOnItsWayAreMade) {
  const TemporaryFolder folder;
  auto file = PendingFile::create(folder / "new/folder/out");
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->publish());
  EXPECT_EQ(folder.read("new/folder/out"), "");
}

TEST(PendingFileTest, WhatIsNoFileIsAnError) {
  const TemporaryFolder folder;
  EXPECT_EQ(PendingFile::create(folder.path()).error().reason, "is a folder");
  folder.write("file", "");
  EXPECT_EQ(PendingFile::create(folder / "file/out").error().reason, "not a directory");
  std::filesystem::create_symlink("/dev/full", folder / "link");
  EXPECT_EQ(PendingFile::create(folder / "link").error().reason, "is not a regular file");
}

}  // namespace
}  // namespace bulkhead::files
