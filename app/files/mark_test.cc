#include "files/mark.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <span>

#include <gtest/gtest.h>

#include "files/publish.h"
#include "files/temporary_folder.h"

namespace bulkhead::files {
namespace {

class MarkTest : public testing::Test {
 protected:
  std::string publish_marked() const {
    const std::string output = folder / "out";
    EXPECT_TRUE(publish(output, std::as_bytes(std::span("thumbnail")), {.mark = mark}));
    return output;
  }

  // Changes the status of a file until its time is another one: clocks of file systems are coarse.
  static void touch_later_than(const std::string& file, const std::string& other) {
    struct stat one {};
    struct stat reference {};
    ::stat(other.c_str(), &reference);
    do {
      ::chmod(file.c_str(), 0600);
      ::stat(file.c_str(), &one);
    } while (one.st_ctim.tv_sec == reference.st_ctim.tv_sec &&
             one.st_ctim.tv_nsec == reference.st_ctim.tv_nsec);
  }

  TemporaryFolder folder;
  const Mark mark = mark_of("128x128 75");
};

TEST_F(MarkTest, OutputOfTheSameOptionsIsUpToDateUntilTheInputChanges) {
  const std::string input = folder.write("in");
  const std::string output = publish_marked();
  touch_later_than(output, input);
  EXPECT_TRUE(is_up_to_date(input, output, mark));
  touch_later_than(input, output);
  EXPECT_FALSE(is_up_to_date(input, output, mark));
}

TEST_F(MarkTest, OutputThatHasLostItsBytesIsNotUpToDate) {
  const std::string input = folder.write("in");
  const std::string output = publish_marked();
  struct stat made {};
  ASSERT_EQ(::stat(output.c_str(), &made), 0);
  ASSERT_EQ(::truncate(output.c_str(), 0), 0);
  const timespec times[2] = {made.st_atim, made.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, output.c_str(), times, 0), 0);
  touch_later_than(output, input);
  EXPECT_FALSE(is_up_to_date(input, output, mark));
}

TEST_F(MarkTest, OtherOptionsAreNotUpToDate) {
  const std::string input = folder.write("in");
  const std::string output = publish_marked();
  touch_later_than(output, input);
  EXPECT_FALSE(is_up_to_date(input, output, mark_of("128x128 80")));
}

TEST_F(MarkTest, NewerTimeOfModificationIsAChangeEvenIfPermissionsChangedLater) {
  const std::string input = folder.write("in");
  const std::string output = publish_marked();
  std::filesystem::last_write_time(
      input, std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  touch_later_than(output, input);
  EXPECT_FALSE(is_up_to_date(input, output, mark));
}

TEST_F(MarkTest, MarksAreStepsThatFileSystemsKeep) {
  for (const char* description : {"", "128x128 75", "128x128 80", "contact sheet"}) {
    EXPECT_EQ(mark_of(description).nanoseconds % 100, 0U) << description;
  }
  EXPECT_TRUE(has_mark(publish_marked(), mark));
  EXPECT_FALSE(has_mark(folder.path() + "/missing", mark));
}

TEST_F(MarkTest, WhatIsNotThereIsNotUpToDate) {
  EXPECT_FALSE(is_up_to_date(folder / "in", folder / "out", mark));
  EXPECT_FALSE(is_up_to_date(folder.write("in"), folder / "out", mark));
}

}  // namespace
}  // namespace bulkhead::files
