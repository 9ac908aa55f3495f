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

TEST_F(ThumbnailsFeaturesTest, ReportIsATableOfEveryMemberWhereItIsCalledCsv) {
  folder.write("a,\xFF.jpg", quick_photo());
  folder.write("b.jpg", "no photo");
  folder.write("c.jpg", quick_photo().substr(0, quick_photo().size() / 2));
  const Ended ended = run({"--json", "--report", "out.CSV"});
  const Strings rows = lines_of(folder.read("out.CSV"));
  ASSERT_EQ(rows.size(), 4U);
  const std::string columns = "," + rows[0] + ",";
  for (const json& record : records(ended.out)) {
    for (const auto& [member, value] : record.items()) {
      const bool is_column = columns.find("," + member + ",") != std::string::npos;
      EXPECT_NE(is_column, member.ends_with("_hex")) << member;
    }
  }
  EXPECT_TRUE(rows[0].starts_with("path,output,status,reason,"));
  EXPECT_TRUE(rows[1].starts_with("\"a,\xFF.jpg\",\"a,\xFF_thumbnail.jpg\",ok,,,320,240,128,96,"));
  EXPECT_EQ(rows[2], "b.jpg,,failed,not an image of a known format,,,,,,,,,,,,,");
  EXPECT_TRUE(rows[3].starts_with("c.jpg,c_thumbnail.jpg,damaged,"));
}

TEST_F(ThumbnailsFeaturesTest, ReportThatCannotBeWrittenIsNamed) {
  folder.write("a.jpg", quick_photo());
  EXPECT_EQ(run({"--report", "a.jpg/out"}).err,
            "bulkhead thumbnails: a.jpg/out: not a directory\n");
  EXPECT_EQ(run({"--report", "/dev/full"}).err,
            "bulkhead thumbnails: /dev/full: is not a regular file\n");
  EXPECT_EQ(names(), Strings({"a.jpg"}));
}

TEST_F(ThumbnailsFeaturesTest, VerboseSaysHowEachWasMadeAndWhichAreLeft) {
  folder.write("a.jpg", quick_photo());
  wait_for_a_later_time();
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
  wait_for_a_later_time();
  run({"-u"});
  EXPECT_EQ(lines_of(run({"-u", "--preview"}).out), Strings({line_for("a")}));
  EXPECT_EQ(lines_of(run({"-u", "--preview"}).out), Strings());
}

TEST_F(ThumbnailsFeaturesTest, GalleryIsAPageWithItsThumbnailsBelowIt) {
  folder.write("in/a&b.jpg", quick_photo());
  folder.write("in/x/c.jpg", quick_photo());
  folder.write("in/bad.jpg", "no photo");
  wait_for_a_later_time();
  const Ended ended = run({"-r", "-u", "--gallery", "web", "in"});
  EXPECT_TRUE(ended.out.ends_with("A gallery of 2 photos was saved as web/index.html\n"))
      << ended.out;
  const std::string page = folder.read("web/index.html");
  EXPECT_NE(page.find("<a href=\"./../in/a&amp;b.jpg\"><img src=\"./a&amp;b_thumbnail.jpg\""),
            std::string::npos)
      << page;
  EXPECT_NE(page.find("<img src=\"./x/c_thumbnail.jpg\" alt=\"\" width=\"128\""),
            std::string::npos);
  // Those that are left as they are stay on the page.
  run({"-r", "-u", "--gallery", "web", "in"});
  EXPECT_NE(folder.read("web/index.html").find("./x/c_thumbnail.jpg"), std::string::npos);
}

TEST_F(ThumbnailsFeaturesTest, ContactSheetShowsAllAndIsNoPhotoItself) {
  for (const char* name : {"a.jpg", "b.jpg", "c.jpg"}) {
    folder.write(name, quick_photo());
  }
  wait_for_a_later_time();
  for (int times = 0; times < 2; ++times) {
    const Ended ended = run({"-u", "--contact-sheet", "sheet.png"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_TRUE(ended.out.ends_with("A contact sheet of 3 photos was saved as sheet.png\n"))
        << ended.out;
    EXPECT_EQ(names(), Strings({"a.jpg", "a_thumbnail.jpg", "b.jpg", "b_thumbnail.jpg", "c.jpg",
                                "c_thumbnail.jpg", "sheet.png"}));
  }
  const json record = json::parse(run({"--json", "-o", "x.jpg", "sheet.png"}).out);
  EXPECT_EQ(record.at("in_width"), 416);  // three cells of 128, and four gaps of 8
  EXPECT_EQ(record.at("in_height"), 144);
}

TEST_F(ThumbnailsFeaturesTest, ContactSheetMayHaveMoreBytesThanAThumbnail) {
  folder.write("a.jpg", quick_photo());
  const Ended ended = run({"--max-bytes", "4K", "--contact-sheet", "sheet.png"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_GT(folder.read("sheet.png").size(), 4096U);
}

TEST_F(ThumbnailsFeaturesTest, OverviewThatCannotBeSavedIsNamedAndTheThumbnailsStay) {
  folder.write("a.jpg", quick_photo());
  folder.write("file", "in the way");
  const Ended ended = run({"--contact-sheet", "file/sheet.jpg"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.err.ends_with("cannot save file/sheet.jpg: not a directory\n")) << ended.err;
  EXPECT_TRUE(is_whole_jpeg(folder.read("a_thumbnail.jpg")));
}

TEST_F(ThumbnailsFeaturesTest, DesktopsFindThumbnailsAndFailuresWhereTheStandardPutsThem) {
  folder.write("photos/a b.jpg", quick_photo());
  folder.write("photos/bad.jpg", "no photo");
  wait_for_a_later_time();
  ::setenv("XDG_CACHE_HOME", (folder / "cache").c_str(), 1);
  const Ended ended = run({"-u", "--xdg", "-s", "256", "photos"});
  EXPECT_EQ(ended.status, 1);
  const std::string path = std::filesystem::canonical(folder.path()).string() + "/photos/a%20b.jpg";
  const Strings made = names();
  ASSERT_EQ(made.size(), 4U);
  EXPECT_TRUE(made[0].starts_with("cache/thumbnails/fail/bulkhead-thumbnails/")) << made[0];
  EXPECT_TRUE(made[1].starts_with("cache/thumbnails/large/")) << made[1];
  const std::string png = folder.read(made[1]);
  EXPECT_NE(png.find(std::string("Thumb::URI\0file://", 18) + path), std::string::npos);
  struct stat status {};
  ASSERT_EQ(::stat((folder / "photos/a b.jpg").c_str(), &status), 0);
  EXPECT_NE(png.find(std::string("Thumb::MTime\0", 13) + std::to_string(status.st_mtim.tv_sec)),
            std::string::npos);
  EXPECT_NE(folder.read(made[0]).find("bad.jpg"), std::string::npos);
  const Ended again = run({"-u", "--xdg", "-s", "256", "photos"});
  EXPECT_EQ(again.out, "");
  EXPECT_TRUE(again.err.starts_with("photos/bad.jpg: error: has failed before")) << again.err;
  EXPECT_EQ(run({"--xdg", "cache", "-r"}).out, "") << "the cache is no folder of photos";
  ::unsetenv("XDG_CACHE_HOME");
}

TEST_F(ThumbnailsFeaturesTest, WhatIsWorthSeeingIsCutOutWhereNoFitIsGiven) {
  folder.write("a.jpg", quick_photo());
  const auto height_with = [this](Strings arguments) {
    arguments.insert(arguments.end(), {"--json", "-s", "64", "a.jpg"});
    return records(run(arguments).out).at(0).at("out_height");
  };
  EXPECT_EQ(height_with({"-m", "attention"}), 64);
  EXPECT_EQ(height_with({"-m", "entropy", "--fit", "inside"}), 48);
  EXPECT_EQ(height_with({"-m", "north"}), 48);
}

TEST_F(ThumbnailsFeaturesTest, BadValuesGetOneClearLine) {
  for (const Strings& mistake :
       {Strings{"--max-depth", "-2"}, Strings{"--max-pixels", "-2"}, Strings{"--memory", "lots"},
        Strings{"--memory", "-5"}, Strings{"--max-bytes", "-5"}, Strings{"--retries", "-1"},
        Strings{"--retries", "many"}, Strings{"-m", "nowhere"}, Strings{"--filter", "sinc"},
        Strings{"--contact-sheet", "x.txt"}, Strings{"--xdg", "-d", "out"},
        Strings{"--xdg", "-s", "300"}}) {
    const Ended ended = run(mistake);
    EXPECT_EQ(ended.status, 2) << mistake[0];
    EXPECT_EQ(lines_of(ended.err).size(), 1U) << ended.err;
    EXPECT_LT(ended.err.size(), 250U) << ended.err;
    EXPECT_NE(ended.err.find(mistake[0].substr(mistake[0].rfind('-') + 1)), std::string::npos)
        << ended.err;
  }
}

}  // namespace
}  // namespace bulkhead::tests
