// What the program writes, where, and when it leaves what is there.

#include <chrono>
#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "thumbnails_fixture.h"

namespace bulkhead::tests {
namespace {

using nlohmann::json;

class ThumbnailsOutputsTest : public ThumbnailsProgramTest {};

TEST_F(ThumbnailsOutputsTest, OutputFolderMirrorsTheTreeAndIsNotSearchedAgain) {
  folder.write("in/a.jpg", quick_photo());
  folder.write("in/x/y/b.jpg", quick_photo());
  EXPECT_EQ(run({"-r", "-d", "in/out", "-o", "{stem}.jpg", "in"}).status, 0);
  const Strings expected = {"in/a.jpg", "in/out/a.jpg", "in/out/x/y/b.jpg", "in/x/y/b.jpg"};
  EXPECT_EQ(names(), expected);
  EXPECT_EQ(run({"-r", "-d", "in/out", "-o", "{stem}.jpg", "in"}).status, 0);
  EXPECT_EQ(names(), expected);
}

TEST_F(ThumbnailsOutputsTest, OnlyWhatIsNamedLikeThisRunsThumbnailsIsLeftOutAndItIsSaid) {
  for (const std::string field : {"{size}", "{ext}"}) {
    folder.write(field + "/IMG_1234.jpg", quick_photo());
    folder.write(field + "/holiday_shot.jpg", quick_photo());
    const Strings arguments = {"-o", "{dir}/{stem}_" + field + ".jpg", field};
    const Ended first = run(arguments);
    EXPECT_EQ(lines_of(first.out).size(), 2U) << field;
    EXPECT_EQ(first.err.find("left out"), std::string::npos) << first.err;
    const Ended second = run(arguments);
    EXPECT_EQ(second.out, first.out);
    EXPECT_TRUE(second.err.starts_with("2 thumbnails made, 0 failed, 2 left out as thumbnails in "))
        << second.err;
  }
}

TEST_F(ThumbnailsOutputsTest, FirstOfTwoInputsHasTheOutputAndTheOtherAHint) {
  folder.write("a.JPG", quick_photo());
  folder.write("a.jpg", quick_photo());
  const Ended ended = run({});
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(lines_of(ended.out), Strings({line_for("a", ".JPG")}));
  EXPECT_TRUE(
      ended.err.starts_with("a.jpg: error: its output a_thumbnail.jpg is that of a.JPG; "
                            "with {stem}_{ext} in --output they differ"))
      << ended.err;
  EXPECT_EQ(run({"-o", "{dir}/{stem}_{ext}_thumbnail.jpg"}).status, 0);
}

TEST_F(ThumbnailsOutputsTest, SizeAndQualityAreThoseAskedFor) {
  folder.write("a.jpg", photo({.width = 640, .height = 480}));
  const auto json_of = [this](Strings arguments) {
    arguments.insert(arguments.end(), {"--json", "-o", "{stem}_{size}.jpg", "a.jpg"});
    return records(run(arguments).out).at(0);
  };
  const json wide = json_of({"-s", "200x"});
  EXPECT_EQ(wide.at("out_width"), 200);
  EXPECT_EQ(wide.at("out_height"), 150);
  EXPECT_EQ(wide.at("output"), "a_200x.jpg");
  EXPECT_EQ(json_of({"-s", "x60"}).at("out_width"), 80);
  EXPECT_EQ(json_of({"-s", "1000"}).at("out_width"), 640);
  EXPECT_LT(json_of({"-q", "20"}).at("bytes_out"), json_of({"-q", "95"}).at("bytes_out"));
}

TEST_F(ThumbnailsOutputsTest, SeveralSizesHaveANameAndALineEach) {
  folder.write("a.jpg", photo({.width = 640, .height = 480}));
  const Ended ended = run({"-s", "128", "-s", "32x"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(lines_of(ended.out),
            Strings({"A thumbnail for a.jpg was saved as a_thumbnail_128.jpg",
                     "A thumbnail for a.jpg was saved as a_thumbnail_32x.jpg"}));
  EXPECT_TRUE(ended.err.starts_with("2 thumbnails made, 0 failed")) << ended.err;
  const auto parsed = records(run({"--json", "-s", "128", "-s", "32x"}).out);
  ASSERT_EQ(parsed.size(), 2U);
  EXPECT_EQ(parsed[1].at("out_height"), 24);
}

TEST_F(ThumbnailsOutputsTest, FormatIsThatOfTheOptionOrOfTheOutput) {
  folder.write("a.jpg", quick_photo());
  EXPECT_EQ(run({"-f", "png"}).status, 0);
  EXPECT_TRUE(folder.read("a_thumbnail.png").starts_with("\x89PNG"));
  EXPECT_EQ(run({"-o", "{stem}_t.webp"}).status, 0);
  EXPECT_EQ(folder.read("a_t.webp").substr(8, 4), "WEBP");
}

TEST_F(ThumbnailsOutputsTest, UpdateMakesWhatIsMissingOlderOrMadeDifferently) {
  folder.write("a.jpg", quick_photo());
  folder.write("b.jpg", quick_photo());
  wait_for_a_later_time();
  const auto made_by = [this](Strings arguments) {
    arguments.insert(arguments.begin(), {"-u", "--json"});
    Strings names;
    for (const json& record : records(run(arguments).out)) {
      if (record.at("status") != "skipped") {
        names.push_back(record.at("path"));
      }
    }
    return names;
  };
  EXPECT_EQ(made_by({}), Strings({"a.jpg", "b.jpg"}));
  EXPECT_EQ(made_by({}), Strings());
  std::filesystem::remove(folder / "b_thumbnail.jpg");
  EXPECT_EQ(made_by({}), Strings({"b.jpg"}));
  std::filesystem::last_write_time(
      folder / "a.jpg", std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_EQ(made_by({}), Strings({"a.jpg"}));
  EXPECT_EQ(made_by({"-q", "80", "b.jpg"}), Strings({"b.jpg"}));
  EXPECT_EQ(made_by({"-q", "80", "b.jpg"}), Strings());
  EXPECT_EQ(lines_of(run({"--skip-existing"}).out), Strings());
}

TEST_F(ThumbnailsOutputsTest, DamageIsNeverUpToDate) {
  folder.write("cut.jpg", quick_photo().substr(0, quick_photo().size() / 2));
  for (int i = 0; i < 2; ++i) {
    const Ended tolerant = run({"-u"});
    EXPECT_EQ(tolerant.status, 0);
    EXPECT_TRUE(tolerant.err.starts_with("cut.jpg: warning: damaged: ")) << tolerant.err;
  }
  const Ended strict = run({"-u", "--strict"});
  EXPECT_EQ(strict.status, 1);
  EXPECT_TRUE(strict.err.starts_with("cut.jpg: error: damaged: ")) << strict.err;
}

TEST_F(ThumbnailsOutputsTest, OutputThatCannotBeSavedIsAFailureOfThatPhoto) {
  folder.write("a.jpg", quick_photo());
  folder.write("out", "a file in the way");
  const Ended ended = run({"-d", "out"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(
      ended.err.starts_with("a.jpg: error: cannot save out/a_thumbnail.jpg: not a directory\n"))
      << ended.err;
}

TEST_F(ThumbnailsOutputsTest, SizesBeforeTheOneThatCannotBeSavedAreKept) {
  folder.write("a.jpg", quick_photo());
  std::filesystem::create_directory(folder / "a_thumbnail_32.jpg");
  const Ended ended = run({"--json", "-s", "64", "-s", "32"});
  EXPECT_EQ(ended.status, 1);
  const auto parsed = records(ended.out);
  ASSERT_EQ(parsed.size(), 1U);
  EXPECT_EQ(parsed[0].at("status"), "failed");
  EXPECT_TRUE(is_whole_jpeg(folder.read("a_thumbnail_64.jpg")));
}

TEST_F(ThumbnailsOutputsTest, SizesOfOneNameAreAMistakeWithAWayOut) {
  EXPECT_EQ(run({"-s", "50", "-s", "50%"}).err,
            "bulkhead thumbnails: two sizes have the {size} 50; make them one after the other, "
            "with another --output each\n");
}

TEST_F(ThumbnailsOutputsTest, DryRunSaysWhatItWouldDoAndWritesNothing) {
  folder.write("a.jpg", quick_photo());
  const Ended ended = run({"-n", "-d", "out"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.out, "A thumbnail for a.jpg would be saved as out/a_thumbnail.jpg\n");
  EXPECT_EQ(ended.err, "");
  EXPECT_EQ(names(), Strings({"a.jpg"}));
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
}

}  // namespace
}  // namespace bulkhead::tests
