#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "files.h"
#include "files/temporary_folder.h"
#include "photos/photo.h"
#include "running_program.h"

namespace bulkhead::tests {
namespace {

using files::TemporaryFolder;

std::string example(const std::string& name) {
  return EXAMPLES_BUILT + ("/" + name);
}

std::string source(const std::string& name) {
  return EXAMPLES_SOURCE + ("/" + name);
}

/// How many lines of what `diff` says begin so: '<' in the first file alone, '>' in the second.
long count_lines(const std::string& differences, char beginning) {
  std::istringstream lines(differences);
  long count = 0;
  for (std::string line; std::getline(lines, line);) {
    count += line.starts_with(beginning) ? 1 : 0;
  }
  return count;
}

class ThumbnailsExampleTest : public testing::TestWithParam<const char*> {
 protected:
  void save_photo(const std::string& name, const test_photos::PhotoOptions& options) const {
    write_file(folder / name, test_photos::make_photo(options));
  }

  Ended run() const { return run_program({example(GetParam())}, folder.path()); }

  TemporaryFolder folder;
};

TEST_P(ThumbnailsExampleTest, EveryPhotoHasItsThumbnailAndItsLineInOrder) {
  save_photo("b.jpg", {.width = 640, .height = 480});
  save_photo("a.jpg", {.width = 300, .height = 600});
  save_photo("c.jpg", {.width = 500, .height = 500});

  const Ended ended = run();

  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out,
            "A thumbnail for a.jpg was saved as a_thumbnail.jpg\n"
            "A thumbnail for b.jpg was saved as b_thumbnail.jpg\n"
            "A thumbnail for c.jpg was saved as c_thumbnail.jpg\n");
  const auto thumbnail =
      test_photos::decode_photo(read_file(folder / "b_thumbnail.jpg"), test_photos::Channels::Rgb);
  EXPECT_EQ(thumbnail.pixels.width, 128);
  EXPECT_EQ(thumbnail.pixels.height, 96);
}

TEST_P(ThumbnailsExampleTest, FolderWithoutPhotosIsNoError) {
  folder.write("notes.txt");

  const Ended ended = run();

  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "");
}

TEST_P(ThumbnailsExampleTest, WhatIsNoPhotoIsNamed) {
  folder.write("torn.jpg", "not a photo");

  const Ended ended = run();

  EXPECT_NE(ended.status, 0);
  EXPECT_NE(ended.err.find("torn.jpg: "), std::string::npos) << ended.err;
}

INSTANTIATE_TEST_SUITE_P(Both, ThumbnailsExampleTest,
                         testing::Values("thumbnails_serial", "thumbnails_pool"),
                         [](const auto& program) { return std::string(program.param); });

TEST(ThumbnailsExamplesTest, PoolTakesThreeLines) {
  const Ended diff = run_program(
      {"/usr/bin/diff", source("thumbnails_serial.cc"), source("thumbnails_pool.cc")}, ".");

  EXPECT_EQ(diff.status, 1) << diff.err;
  EXPECT_LE(count_lines(diff.out, '>'), 3) << diff.out;
  EXPECT_LE(count_lines(diff.out, '<'), 3) << diff.out;
}

class LogStatisticsExampleTest : public testing::Test {
 protected:
  Ended run(std::vector<std::string> logs) const {
    logs.insert(logs.begin(), example("log_statistics"));
    return run_program(logs, folder.path());
  }

  TemporaryFolder folder;
};

constexpr std::string_view kMonday =
    R"(192.0.2.1 - - [01/Jan/2024:00:00:01 +0000] "GET / HTTP/1.1" 200 100 "-" "Mozilla/5.0"
192.0.2.2 - ann [01/Jan/2024:00:00:02 +0000] "GET /news HTTP/1.1" 200 50 "http://x/" "say \"hi\""
192.0.2.1 - - [01/Jan/2024:00:00:03 +0000] "GET /gone HTTP/1.1" 404 - "-" "Mozilla/5.0"
)";
constexpr std::string_view kTuesday =
    R"(192.0.2.3 - - [02/Jan/2024:00:00:01 +0000] "GET /news HTTP/1.1" 200 50
this line is no request
)";

TEST_F(LogStatisticsExampleTest, LogsAreAddedUp) {
  folder.write("monday.log", kMonday);
  folder.write("tuesday.log", kTuesday);

  const Ended ended = run({"monday.log", "tuesday.log"});

  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out,
            "4 requests, 200 bytes, 1 unreadable lines\n"
            "status 200: 3\n"
            "status 404: 1\n"
            "/news: 2\n"
            "/: 1\n"
            "/gone: 1\n");
}

TEST_F(LogStatisticsExampleTest, MissingLogIsNamedAndTheOthersCount) {
  folder.write("tuesday.log", kTuesday);

  const Ended ended = run({"monday.log", "tuesday.log"});

  EXPECT_EQ(ended.status, 0);
  EXPECT_NE(ended.err.find("monday.log: "), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("No such file"), std::string::npos) << ended.err;
  EXPECT_TRUE(ended.out.starts_with("1 requests, 50 bytes, 1 unreadable lines\n")) << ended.out;
}

TEST_F(LogStatisticsExampleTest, ManyLogsGiveTheSameAsOne) {
  std::vector<std::string> names;
  for (int n = 0; n < 40; ++n) {
    names.push_back(std::to_string(n) + ".log");
    folder.write(names.back(), kMonday);
  }

  const Ended ended = run(names);

  EXPECT_TRUE(ended.out.starts_with("120 requests, 6000 bytes, 0 unreadable lines\n")) << ended.out;
}

}  // namespace
}  // namespace bulkhead::tests
