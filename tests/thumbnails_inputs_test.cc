// Which photos the program takes.

#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "thumbnails_fixture.h"

namespace bulkhead::tests {
namespace {

using nlohmann::json;

class ThumbnailsInputsTest : public ThumbnailsProgramTest {};

TEST_F(ThumbnailsInputsTest, PathsAreTakenInTheOrderOfTheArgumentsAndPrintedAsGiven) {
  folder.write("two/b.jpg", quick_photo());
  folder.write("one/a.jpg", quick_photo());
  const Ended ended = run({"two/", "./one"});
  EXPECT_EQ(lines_of(ended.out), Strings({line_for("two/b"), line_for("./one/a")}));
}

TEST_F(ThumbnailsInputsTest, OddNamesHaveOneClearOutcomeEach) {
  const std::string long_name = std::string(251, 'n') + ".jpg";
  const Strings odd = {"-s.jpg",   "50%d.jpg",  "a b.jpg",   "a\nb.jpg",
                       "a[1].jpg", "x\xFF.jpg", "{stem}.jpg"};
  for (const std::string& name : odd) {
    folder.write(name, quick_photo());
  }
  folder.write(long_name, quick_photo());
  folder.write("[2020]/c.jpg", quick_photo());
  folder.write("thumbnails/d.jpg", quick_photo());
  Strings arguments = {"--"};
  arguments.insert(arguments.end(), odd.begin(), odd.end());
  arguments.insert(arguments.end(), {long_name, "[2020]", "thumbnails"});
  const Ended ended = run(arguments);
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(lines_of(ended.out),
            Strings({line_for("-s"), line_for("50%d"), line_for("a b"), line_for("a\\nb"),
                     line_for("a[1]"), line_for("x\\xff"), line_for("{stem}"), line_for("[2020]/c"),
                     line_for("thumbnails/d")}));
  EXPECT_TRUE(ended.err.starts_with(long_name + ": error: the name of its output would have 265"))
      << ended.err;
  EXPECT_TRUE(is_whole_jpeg(folder.read("a\nb_thumbnail.jpg")));
  EXPECT_TRUE(is_whole_jpeg(folder.read("x\xFF_thumbnail.jpg")));
}

TEST_F(ThumbnailsInputsTest, RepeatedOptionTakesOneValueAndWhatFollowsIsAPath) {
  folder.write("in/a.jpg", quick_photo());
  folder.write("in/b.jpg", quick_photo());
  const Ended ended = run({"-E", "b*", "-s", "64", "in"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(names(), Strings({"in/a.jpg", "in/a_thumbnail.jpg", "in/b.jpg"}));
}

TEST_F(ThumbnailsInputsTest, ListThatCannotBeReadIsAMistakeAndNotEmpty) {
  folder.write("a.jpg", quick_photo());
  for (const char* input : {"<&-", "< ."}) {
    const std::string command =
        std::string(BULKHEAD_PROGRAM) + " thumbnails --files-from - " + input;
    const Ended ended = run_program({"/bin/sh", "-c", command}, folder.path());
    EXPECT_EQ(ended.status, 2) << input;
    EXPECT_TRUE(ended.err.starts_with("bulkhead thumbnails: standard input: ")) << ended.err;
  }
  EXPECT_EQ(run({"--files-from", "."}).err, "bulkhead thumbnails: .: is a directory\n");
}

TEST_F(ThumbnailsInputsTest, ListOfFilesEndsInLinesOrInNulBytes) {
  folder.write("a\nb.jpg", quick_photo());
  folder.write("c.jpg", quick_photo());
  folder.write("nul", std::string_view("a\nb.jpg\0c.jpg\0", 15));
  folder.write("lines", "c.jpg\n");
  folder.write("none", "");
  EXPECT_EQ(lines_of(run({"--files-from", "nul", "-0"}).out),
            Strings({line_for("a\\nb"), line_for("c")}));
  EXPECT_EQ(lines_of(run({"--files-from", "lines"}).out), Strings({line_for("c")}));
  EXPECT_EQ(run({"--files-from", "none"}).out, "");
  EXPECT_EQ(run({"--files-from", "gone"}).status, 2);
}

TEST_F(ThumbnailsInputsTest, PatternsAndDepthChooseWhatIsTaken) {
  for (const char* name : {"a.jpg", "b.png.jpg", "x/c.jpg", "x/y/d.jpg", ".h/e.jpg", "raw.dat"}) {
    folder.write(name, quick_photo());
  }
  const auto taken = [this](Strings arguments) {
    arguments.insert(arguments.begin(), {"-n", "--json", "-r"});
    Strings paths;
    for (const json& record : records(run(arguments).out)) {
      paths.push_back(record.at("path"));
    }
    return paths;
  };
  EXPECT_EQ(taken({"--max-depth", "1"}), Strings({"a.jpg", "b.png.jpg", "x/c.jpg"}));
  EXPECT_EQ(taken({"-E", "x/y", "-E", "b*"}), Strings({"a.jpg", "x/c.jpg"}));
  EXPECT_EQ(taken({"-g", "x/*"}), Strings({"x/c.jpg", "x/y/d.jpg"}));
  EXPECT_EQ(taken({"-e", ".DAT"}), Strings({"raw.dat"}));
  EXPECT_EQ(taken({"-H", "-g", "e.*"}), Strings({".h/e.jpg"}));
}

TEST_F(ThumbnailsInputsTest, LinkedFoldersAreEnteredOnceWhenAskedFor) {
  folder.write("x/a.jpg", quick_photo());
  std::filesystem::create_directory_symlink("..", folder / "x/loop");
  EXPECT_EQ(lines_of(run({"-r"}).out), Strings({line_for("x/a")}));
  EXPECT_EQ(lines_of(run({"-r", "-L"}).out), Strings({line_for("x/a")}));
}

TEST_F(ThumbnailsInputsTest, RemovedCurrentFolderHindersNoAbsolutePath) {
  folder.write("in/a.jpg", quick_photo());
  const std::string there = "mkdir gone && cd gone && rmdir ../gone && ";
  const std::string command = there + BULKHEAD_PROGRAM + " thumbnails " + (folder / "in/a.jpg");
  const Ended ended = run_program({"/bin/sh", "-c", command}, folder.path());
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(names(), Strings({"in/a.jpg", "in/a_thumbnail.jpg"}));
}

TEST_F(ThumbnailsInputsTest, NothingToDoIsDone) {
  const Ended ended = run({});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.out, "");
}

}  // namespace
}  // namespace bulkhead::tests
