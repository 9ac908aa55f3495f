// One picture from the standard input, or to the standard output.

#include <gtest/gtest.h>

#include "thumbnails_fixture.h"

namespace bulkhead::tests {
namespace {

class ThumbnailsPipeTest : public ThumbnailsProgramTest {
 protected:
  /// `bulkhead thumbnails` in a shell, whose redirections stand in the arguments.
  Ended run_in_shell(const std::string& arguments) const {
    const std::string command = std::string(BULKHEAD_PROGRAM) + " thumbnails " + arguments;
    return run_program({"/bin/sh", "-c", command}, folder.path());
  }
};

TEST_F(ThumbnailsPipeTest, PictureOfTheInputGoesToTheOutputAndNothingElse) {
  folder.write("a.jpg", quick_photo());
  run({});
  for (const char* arguments : {"- < a.jpg", "- -o - < a.jpg", "-o - a.jpg", "-v - < a.jpg",
                                "--executor inline - < a.jpg"}) {
    const Ended piped = run_in_shell(arguments);
    EXPECT_EQ(piped.status, 0) << piped.err;
    EXPECT_EQ(piped.out, folder.read("a_thumbnail.jpg")) << arguments;
    EXPECT_EQ(piped.err, "") << arguments;
  }
}

TEST_F(ThumbnailsPipeTest, OutputMayBeAFileAndTheFormatThatOfTheContent) {
  folder.write("a.jpg", quick_photo());
  EXPECT_EQ(run_in_shell("- -o out/small.png < a.jpg").status, 0);
  EXPECT_TRUE(folder.read("out/small.png").starts_with("\x89PNG"));
  EXPECT_TRUE(is_whole_jpeg(run_in_shell("-f same - < a.jpg").out));
  const Ended png = run_in_shell("-f same - < out/small.png");
  EXPECT_TRUE(png.out.starts_with("\x89PNG")) << png.err;
}

TEST_F(ThumbnailsPipeTest, WhatIsNoPictureIsAFailureAndTheOutputStaysEmpty) {
  folder.write("a.jpg", quick_photo());
  folder.write("cut.jpg", quick_photo().substr(0, quick_photo().size() / 2));
  folder.write("text", "no picture");
  const Ended text = run_in_shell("- < text");
  EXPECT_EQ(text.status, 1);
  EXPECT_EQ(text.out, "");
  EXPECT_EQ(text.err, "-: error: not an image of a known format\n");
  EXPECT_EQ(run_in_shell("- < /dev/null").err, "-: error: is empty\n");
  EXPECT_EQ(run_in_shell("-o - gone.jpg").err, "gone.jpg: error: no such file or directory\n");
  const Ended cut = run_in_shell("- < cut.jpg");
  EXPECT_EQ(cut.status, 0);
  EXPECT_TRUE(is_whole_jpeg(cut.out));
  EXPECT_TRUE(cut.err.starts_with("-: warning: damaged: ")) << cut.err;
  EXPECT_EQ(run_in_shell("--strict - < cut.jpg").status, 1);
  EXPECT_EQ(run_in_shell("- < a.jpg > /dev/full").err,
            "-: error: cannot write to the standard output\n");
}

TEST_F(ThumbnailsPipeTest, OptionsForManyPhotosDoNotGoWithIt) {
  folder.write("a.jpg", quick_photo());
  const auto refused = [this](const std::string& arguments) {
    const Ended ended = run_in_shell(arguments);
    EXPECT_EQ(ended.status, 2) << arguments;
    EXPECT_EQ(lines_of(ended.err).size(), 1U) << ended.err;
    return ended.err;
  };
  EXPECT_EQ(refused("- a.jpg < a.jpg"),
            "bulkhead thumbnails: - is one picture on the standard input, and no other goes with "
            "it\n");
  EXPECT_EQ(refused("-o - a.jpg a.jpg"), "bulkhead thumbnails: --output - takes one photo\n");
  EXPECT_EQ(refused("-s 1 -s 2 - < a.jpg"),
            "bulkhead thumbnails: one picture is made in one size here\n");
  for (const std::string option : {"--json", "--journal j", "--fsync each"}) {
    EXPECT_EQ(refused(option + " - < a.jpg"),
              "bulkhead thumbnails: " + option.substr(0, option.find(' ')) +
                  " does not go with a picture on the standard input or output\n");
  }
  EXPECT_EQ(refused("- <&-"), "bulkhead thumbnails: standard input: bad file descriptor\n");
}

}  // namespace
}  // namespace bulkhead::tests
