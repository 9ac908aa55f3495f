#include "files/pending_folder.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"

namespace bulkhead::files {
namespace {

enum class Mounted : int { Refused, Taken, CannotMount };

// What becomes of an empty folder on which a file system is mounted. In a process of its own: the
// mount goes with it.
Mounted create_on_a_mount(const std::string& path) {
  const pid_t child = ::fork();
  if (child == 0) {
    Mounted outcome = Mounted::CannotMount;
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
        ::mount("none", path.c_str(), "tmpfs", 0, nullptr) == 0) {
      const auto created = PendingFolder::create(path);
      const bool is_told =
          !created && created.error().reason == "cannot be replaced: device or resource busy";
      outcome = is_told ? Mounted::Refused : Mounted::Taken;
    }
    ::_exit(static_cast<int>(outcome));
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return static_cast<Mounted>(WEXITSTATUS(status));
}

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

TEST(PendingFolderTest, MountedFolderIsRefusedAtOnce) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "out");
  const Mounted outcome = create_on_a_mount(folder / "out");
  if (outcome == Mounted::CannotMount) {
    GTEST_SKIP() << "no file system can be mounted here";
  }
  EXPECT_EQ(outcome, Mounted::Refused);
  EXPECT_EQ(folder.count(), 1U);
}

TEST(PendingFolderTest, WhatCannotGetItsNameIsKept) {
  const TemporaryFolder folder;
  std::string complete;
  {
    auto pending = PendingFolder::create(folder / "out");
    ASSERT_TRUE(pending);
    complete = pending->temporary_path();
    folder.write("out/came_meanwhile");
    const auto published = pending->publish();
    ASSERT_FALSE(published);
    EXPECT_EQ(published.error().reason,
              "cannot be written: directory not empty; all is in " + complete);
  }
  EXPECT_TRUE(std::filesystem::exists(complete));
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
