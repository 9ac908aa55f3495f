// The program as its users meet it: every photo has its outcome.

#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "thumbnails_fixture.h"

namespace bulkhead::tests {
namespace {

using nlohmann::json;

TEST_F(ThumbnailsProgramTest, MakesAThumbnailBesideEachPhotoAndSaysSoInTheOrderOfTheInput) {
  for (const char* name : {"b.jpg", "d.jpg", "c.JPEG"}) {
    folder.write(name, quick_photo());
  }
  folder.write("a.jpg", slow_photo());
  folder.write("note.txt", "no photo");
  const Ended ended = run({"-j", "3"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(lines_of(ended.out),
            Strings({line_for("a"), line_for("b"), line_for("c", ".JPEG"), line_for("d")}));
  EXPECT_EQ(names(), Strings({"a.jpg", "a_thumbnail.jpg", "b.jpg", "b_thumbnail.jpg", "c.JPEG",
                              "c_thumbnail.jpg", "d.jpg", "d_thumbnail.jpg", "note.txt"}));
  EXPECT_TRUE(is_whole_jpeg(folder.read("a_thumbnail.jpg")));
}

TEST_F(ThumbnailsProgramTest, SecondRunMakesTheSameAndNoThumbnailOfAThumbnail) {
  folder.write("a.jpg", quick_photo());
  folder.write("sub/b.jpg", quick_photo());
  run({"-r"});
  const auto after_first = files();
  const Ended second = run({"-r"});
  EXPECT_EQ(second.status, 0);
  EXPECT_EQ(files(), after_first);
  EXPECT_EQ(after_first.size(), 4U);
}

TEST_F(ThumbnailsProgramTest, AnyNumberOfWorkersGivesTheSameBytes) {
  for (unsigned i = 0; i < 12; ++i) {
    folder.write("photo_" + std::to_string(100 + i) + ".jpg",
                 photo({.width = 300, .height = 200 + static_cast<int>(i), .seed = i}));
  }
  const Ended one = run({"-j", "1"});
  const auto bytes = files();
  for (const Strings& arguments : {Strings{"-j", "4"}, Strings{"--executor", "inline"}}) {
    const Ended other = run(arguments);
    EXPECT_EQ(other.out, one.out);
    EXPECT_EQ(files(), bytes);
  }
  EXPECT_EQ(bytes.size(), 24U);
}

TEST_F(ThumbnailsProgramTest, BadPhotosAreNamedWithTheirReasonAndTheRestGoesOn) {
  folder.write("a_empty.jpg", "");
  folder.write("b_text.jpg", "this is no photo");
  folder.write("c_good.jpg", quick_photo());
  std::filesystem::create_directory(folder / "d_folder.jpg");
  ASSERT_EQ(::mkfifo((folder / "e_pipe.jpg").c_str(), 0600), 0);
  std::filesystem::create_symlink("nothing", folder / "f_link.jpg");
  const Ended ended = run({".", "gone.jpg", "e_pipe.jpg"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(lines_of(ended.out), Strings({line_for("./c_good")}));
  const Strings errors = lines_of(ended.err);
  ASSERT_GE(errors.size(), 5U);
  EXPECT_EQ(errors[0], "./a_empty.jpg: error: is empty");
  EXPECT_TRUE(errors[1].starts_with("./b_text.jpg: error: ")) << errors[1];
  EXPECT_EQ(errors[2], "./f_link.jpg: error: is a link to nothing");
  EXPECT_EQ(errors[3], "gone.jpg: error: no such file or directory");
  EXPECT_EQ(errors[4], "e_pipe.jpg: error: is not a regular file");
  EXPECT_NE(ended.err.find("1 thumbnail made, 5 failed"), std::string::npos) << ended.err;
}

TEST_F(ThumbnailsProgramTest, DamagedPhotoHasAThumbnailUnlessTheRunIsStrict) {
  folder.write("cut.jpg", quick_photo().substr(0, quick_photo().size() / 2));
  const Ended strict = run({"--strict"});
  EXPECT_EQ(strict.status, 1);
  EXPECT_TRUE(strict.err.starts_with("cut.jpg: error: damaged: ")) << strict.err;
  EXPECT_EQ(names(), Strings({"cut.jpg"}));
  const Ended tolerant = run({});
  EXPECT_EQ(tolerant.status, 0);
  EXPECT_EQ(lines_of(tolerant.out), Strings({line_for("cut")}));
  EXPECT_TRUE(tolerant.err.starts_with("cut.jpg: warning: damaged: ")) << tolerant.err;
  EXPECT_NE(tolerant.err.find("1 thumbnail made (1 damaged), 0 failed"), std::string::npos);
}

TEST_F(ThumbnailsProgramTest, FailFastBeginsNothingMore) {
  folder.write("a.jpg", "no photo");
  folder.write("b.jpg", quick_photo());
  const Ended ended = run({"--fail-fast", "--executor", "inline"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(ended.out, "");
}

TEST_F(ThumbnailsProgramTest, LimitTooShortToCountIsALimit) {
  folder.write("slow.jpg", slow_photo());
  const Ended ended = run({"--timeout", "1e-10"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.err.starts_with("slow.jpg: error: timed out")) << ended.err;
}

TEST_F(ThumbnailsProgramTest, EveryEdgeCaseHasExactlyOneRecordAndNoneCrashesAWorker) {
  const std::string edge = std::string(BULKHEAD_DATA) + "/edge";
  if (!std::filesystem::exists(edge)) {
    GTEST_SKIP() << edge << " is not there";
  }
  const Ended planned = run({"-r", "-n", "-d", "out", edge});
  const Ended ended = run({"-r", "--json", "-d", "out", edge});
  const auto parsed = records(ended.out);
  EXPECT_GT(parsed.size(), 0U);
  EXPECT_EQ(parsed.size(), lines_of(planned.out).size() + lines_of(planned.err).size());
  for (const json& record : parsed) {
    EXPECT_NE(record.at("status"), "crashed") << record;
    EXPECT_NE(record.at("status"), "timeout") << record;
  }
}

}  // namespace
}  // namespace bulkhead::tests
