#include "files/pending_folder.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"

namespace bulkhead::files {
namespace {

TEST(PendingFolderTest, HasItsNameWhenItIsComplete) {
  const TemporaryFolder folder;
  auto pending = PendingFolder::create(folder / "new/out/");
  ASSERT_TRUE(pending) << pending.error().reason;
  std::filesystem::create_directory(pending->temporary_path() + "/sub");
  EXPECT_FALSE(std::filesystem::exists(folder / "new/out"));
  ASSERT_TRUE(pending->publish());
  EXPECT_TRUE(std::filesystem::exists(folder / "new/out/sub"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder / "new"), {}), 1);
}

TEST(PendingFolderTest, TakesThePlaceOfAnEmptyFolder) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "out");
  auto pending = PendingFolder::create(folder / "out");
  ASSERT_TRUE(pending);
  EXPECT_TRUE(pending->publish());
}

TEST(PendingFolderTest, NothingIsLeftOfOneThatIsNotPublished) {
  const TemporaryFolder folder;
  {
    auto pending = PendingFolder::create(folder / "out");
    ASSERT_TRUE(pending);
    std::filesystem::create_directories(pending->temporary_path() + "/a/b");
    const PendingFolder moved = *std::move(pending);
    EXPECT_EQ(folder.count(), 1U);
  }
  EXPECT_EQ(folder.count(), 0U);
}

TEST(PendingFolderTest, WhatIsThereIsLeftAsItIs) {
  const TemporaryFolder folder;
  folder.write("full/file");
  folder.write("file");
  EXPECT_EQ(PendingFolder::create(folder / "full").error().reason, "is there, and is not empty");
  EXPECT_EQ(PendingFolder::create(folder / "file").error().reason, "is there, and is no folder");
  EXPECT_EQ(PendingFolder::create(folder / "file/out").error().reason, "not a directory");
  EXPECT_EQ(folder.count(), 2U);
}

}  // namespace
}  // namespace bulkhead::files
