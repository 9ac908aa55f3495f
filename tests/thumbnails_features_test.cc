// What the program can do beyond a thumbnail beside each photo.

#include <chrono>
#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "thumbnails_fixture.h"

namespace bulkhead::tests {
namespace {

using nlohmann::json;

class ThumbnailsFeaturesTest : public ThumbnailsProgramTest {};

TEST_F(ThumbnailsFeaturesTest, ReportHasTheRecordsBesidesTheLines) {
  folder.write("a.jpg", quick_photo());
  folder.write("b.jpg", "no photo");
  const Ended ended = run({"--report", "out.ndjson"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(lines_of(ended.out), Strings({line_for("a")}));
  const Strings written = lines_of(folder.read("out.ndjson"));
  ASSERT_EQ(written.size(), 2U);
  EXPECT_EQ(json::parse(written[0]).at("status"), "ok");
  EXPECT_EQ(json::parse(written[1]).at("path"), "b.jpg");
}

TEST_F(ThumbnailsFeaturesTest, ReportThatCannotBeWrittenIsNamed) {
  folder.write("a.jpg", quick_photo());
  EXPECT_EQ(run({"--report", "gone/out"}).err,
            "bulkhead thumbnails: gone/out: no such file or directory\n");
  const Ended full = run({"--quiet", "--report", "/dev/full"});
  EXPECT_EQ(full.status, 1);
  EXPECT_EQ(full.err, "bulkhead thumbnails: cannot write all records to /dev/full\n");
}

TEST_F(ThumbnailsFeaturesTest, VerboseSaysHowEachWasMadeAndWhichAreLeft) {
  folder.write("a.jpg", quick_photo());
  const Ended made = run({"-v", "-u"});
  EXPECT_TRUE(made.out.starts_with(line_for("a") + ": 128x96 of 320x240, ")) << made.out;
  EXPECT_EQ(run({"-v", "-u"}).out, "The thumbnail a_thumbnail.jpg of a.jpg is left as it is\n");
}

TEST_F(ThumbnailsFeaturesTest, PhotoThatNeedsMoreThanTheMemoryFailsByItselfAndSaysSo) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers need the memory themselves";
#endif
  folder.write("a.jpg", slow_photo());
  folder.write("b.jpg", quick_photo());
  const Ended ended = run({"--json", "--memory", "8M"});
  EXPECT_EQ(ended.status, 1);
  const Strings written = lines_of(ended.out);
  ASSERT_EQ(written.size(), 2U);
  EXPECT_EQ(json::parse(written[0]).at("status"), "oom") << written[0];
  EXPECT_EQ(json::parse(written[1]).at("status"), "ok") << written[1];
}

TEST_F(ThumbnailsFeaturesTest, PreviewIsAskedForByItsOption) {
  folder.write("a.jpg", quick_photo());
  run({"-u"});
  EXPECT_EQ(lines_of(run({"-u", "--preview"}).out), Strings({line_for("a")}));
  EXPECT_EQ(lines_of(run({"-u", "--preview"}).out), Strings());
}

TEST_F(ThumbnailsFeaturesTest, BadValuesGetOneClearLine) {
  for (const Strings& mistake :
       {Strings{"--memory", "lots"}, Strings{"--retries", "-1"}, Strings{"--retries", "many"},
        Strings{"-m", "nowhere"}, Strings{"--filter", "sinc"}}) {
    const Ended ended = run(mistake);
    EXPECT_EQ(ended.status, 2) << mistake[0];
    EXPECT_EQ(lines_of(ended.err).size(), 1U) << ended.err;
    EXPECT_NE(ended.err.find(mistake[0].substr(mistake[0].rfind('-') + 1)), std::string::npos)
        << ended.err;
  }
}

}  // namespace
}  // namespace bulkhead::tests
