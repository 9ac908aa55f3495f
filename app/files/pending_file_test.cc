#include "files/pending_file.h"

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
    EXPECT_EQ(folder.count(), 1U);
  }
  EXPECT_EQ(folder.count(), 0U);
}

TEST(PendingFileTest, WhatIsNoFileIsAnError) {
  const TemporaryFolder folder;
  EXPECT_EQ(PendingFile::create(folder.path()).error().reason, "is a folder");
  EXPECT_EQ(PendingFile::create(folder / "missing/out").error().reason,
            "no such file or directory");
  std::filesystem::create_symlink("/dev/full", folder / "link");
  EXPECT_EQ(PendingFile::create(folder / "link").error().reason, "is not a regular file");
}

}  // namespace
}  // namespace bulkhead::files
