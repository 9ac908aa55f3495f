// What the program says and returns.

#include <cctype>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "thumbnails_fixture.h"

namespace bulkhead::tests {
namespace {

// Each number as "#": what is measured differs from run to run.
std::string without_numbers(const std::string& text) {
  std::string masked;
  for (const char character : text) {
    const bool is_number = std::isdigit(static_cast<unsigned char>(character)) != 0 ||
                           (character == '.' && masked.ends_with('#'));
    if (!is_number) {
      masked += character;
    } else if (!masked.ends_with('#')) {
      masked += '#';
    }
  }
  return masked;
}

class ThumbnailsReportTest : public ThumbnailsProgramTest {};

TEST_F(ThumbnailsReportTest, JsonIsOneRecordForEachPhotoInOrder) {
  folder.write("a.jpg", photo({.width = 640, .height = 480, .orientation = 6}));
  folder.write("b.jpg", "no photo");
  folder.write("c.jpg", quick_photo().substr(0, quick_photo().size() / 2));
  const Ended ended = run({"--json", "a.jpg", "b.jpg", "gone.jpg", "c.jpg"});
  EXPECT_EQ(ended.status, 1);
  const auto parsed = records(ended.out);
  ASSERT_EQ(parsed.size(), 4U);
  EXPECT_EQ(parsed[0].at("path"), "a.jpg");
  EXPECT_EQ(parsed[0].at("output"), "a_thumbnail.jpg");
  EXPECT_EQ(parsed[0].at("status"), "ok");
  EXPECT_EQ(parsed[0].at("in_width"), 640);
  EXPECT_EQ(parsed[0].at("out_height"), 96);
  EXPECT_EQ(parsed[0].at("orientation"), 6);
  EXPECT_EQ(parsed[0].at("bytes_out"), folder.read("a_thumbnail.jpg").size());
  EXPECT_EQ(parsed[1].at("status"), "failed");
  EXPECT_FALSE(parsed[1].contains("output"));
  EXPECT_EQ(parsed[2].at("reason"), "no such file or directory");
  EXPECT_EQ(parsed[3].at("status"), "damaged");
}

TEST_F(ThumbnailsReportTest, JsonOfANameThatIsNotUtf8IsValidAndExact) {
  folder.write("x\xFF.jpg", quick_photo());
  const auto parsed = records(run({"--json"}).out);
  ASSERT_EQ(parsed.size(), 1U);
  EXPECT_EQ(parsed[0].at("path"), "x\xEF\xBF\xBD.jpg");
  EXPECT_EQ(parsed[0].at("path_hex"), "78ff2e6a7067");
}

TEST_F(ThumbnailsReportTest, QuietSaysNothingButErrors) {
  folder.write("a.jpg", quick_photo());
  const Ended ended = run({"--quiet", "a.jpg", "gone.jpg"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(ended.err, "gone.jpg: error: no such file or directory\n");
  EXPECT_EQ(names().size(), 2U);
}

TEST_F(ThumbnailsReportTest, QuietRecordsAreRecordsAndErrorsAlone) {
  folder.write("a.jpg", quick_photo());
  const Ended ended =
      run({"--quiet", "--json", "--contact-sheet", "sheet.jpg", "a.jpg", "gone.jpg"});
  EXPECT_EQ(ended.status, 1);
  const auto parsed = records(ended.out);
  ASSERT_EQ(parsed.size(), 2U);
  EXPECT_EQ(parsed[0].at("status"), "ok");
  EXPECT_EQ(parsed[0].at("attempt"), 1);
  EXPECT_EQ(ended.err, "gone.jpg: error: no such file or directory\n");
}

TEST_F(ThumbnailsReportTest, OverviewsAreNoRecordsAndToldBesideThem) {
  folder.write("a.jpg", quick_photo());
  const Ended ended = run({"--json", "--gallery", "web", "--contact-sheet", "sheet.jpg"});
  EXPECT_EQ(records(ended.out).size(), 1U);
  EXPECT_NE(ended.err.find("A gallery of 1 photo was saved as web/index.html\n"),
            std::string::npos);
}

TEST_F(ThumbnailsReportTest, ProgressIsDrawnWhenItIsAlwaysWanted) {
  folder.write("a.jpg", quick_photo());
  EXPECT_TRUE(run({"--quiet", "--progress", "always"}).err.starts_with("0/1 photos, 0 %"));
  EXPECT_EQ(run({"--quiet", "--progress", "never"}).err, "");
  EXPECT_EQ(run({"--progress", "sometimes"}).status, 2);
}

TEST_F(ThumbnailsReportTest, SummaryTellsOutcomesSpeedAndLoadAndInAPipeThereIsNoProgress) {
  folder.write("a.jpg", quick_photo());
  const Ended ended = run({"-j", "1"});
  EXPECT_EQ(without_numbers(ended.err),
            "# thumbnail made, # failed in # s: # photos/s\n"
            "# worker, busy # %; # s of CPU time, # of " +
                std::string(ended.err.ends_with("cores busy\n") ? "# cores" : "# core") +
                " busy\n");
}

TEST_F(ThumbnailsReportTest, WrongUsageEndsWithTwoAndMakesNothing) {
  folder.write("a.jpg", quick_photo());
  for (const Strings& mistake :
       {Strings{"-s", "0"}, Strings{"-s.jpg"}, Strings{"-q", "101"}, Strings{"-j", "0"},
        Strings{"--executor", "cloud"}, Strings{"--timeout", "-1"}, Strings{"--sizes", "3"},
        Strings{"-o", "{base}.jpg"}, Strings{"-s", "1", "-s", "2", "-o", "x.jpg"},
        Strings{"-s", "25%", "-s", "50%", "-o", "{stem}-{w}x{h}.jpg"}, Strings{"--fit", "tight"},
        Strings{"--background", "mauve"}, Strings{"-f", "bmp"},
        Strings{"-d", "out", "-o", "/x/{stem}.jpg"}}) {
    const Ended ended = run(mistake);
    EXPECT_EQ(ended.status, 2) << mistake[0];
    EXPECT_NE(ended.err, "") << mistake[0];
  }
  EXPECT_EQ(run_program({BULKHEAD_PROGRAM}, folder.path()).status, 2);
  EXPECT_EQ(run_program({BULKHEAD_PROGRAM, "thumbnail"}, folder.path()).status, 2);
  EXPECT_EQ(names(), Strings({"a.jpg"}));
}

TEST_F(ThumbnailsReportTest, HelpAndVersionEndWithZero) {
  EXPECT_NE(run({"--help"}).out.find("--output-dir"), std::string::npos);
  EXPECT_EQ(run({"--help"}).status, 0);
  EXPECT_TRUE(run({"--version"}).out.starts_with("bulkhead "));
  EXPECT_NE(run_program({BULKHEAD_PROGRAM, "--help"}, folder.path()).out.find("thumbnails"),
            std::string::npos);
}

}  // namespace
}  // namespace bulkhead::tests
