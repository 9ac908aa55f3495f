// The program as its users meet it: what it writes, says and returns.

#include <cctype>
#include <chrono>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "thumbnails_fixture.h"

namespace bulkhead::tests {
namespace {

using nlohmann::json;

std::vector<json> records(const std::string& text) {
  std::vector<json> parsed;
  for (const std::string& line : lines_of(text)) {
    parsed.push_back(json::parse(line));
  }
  return parsed;
}

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

TEST_F(ThumbnailsProgramTest, PathsAreTakenInTheOrderOfTheArgumentsAndPrintedAsGiven) {
  folder.write("two/b.jpg", quick_photo());
  folder.write("one/a.jpg", quick_photo());
  const Ended ended = run({"two/", "./one"});
  EXPECT_EQ(lines_of(ended.out), Strings({line_for("two/b"), line_for("./one/a")}));
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

TEST_F(ThumbnailsProgramTest, OddNamesHaveOneClearOutcomeEach) {
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

TEST_F(ThumbnailsProgramTest, JsonIsOneRecordForEachPhotoInOrder) {
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

TEST_F(ThumbnailsProgramTest, JsonOfANameThatIsNotUtf8IsValidAndExact) {
  folder.write("x\xFF.jpg", quick_photo());
  const auto parsed = records(run({"--json"}).out);
  ASSERT_EQ(parsed.size(), 1U);
  EXPECT_EQ(parsed[0].at("path"), "x\xEF\xBF\xBD.jpg");
  EXPECT_EQ(parsed[0].at("path_hex"), "78ff2e6a7067");
}

TEST_F(ThumbnailsProgramTest, OutputFolderMirrorsTheTreeAndIsNotSearchedAgain) {
  folder.write("in/a.jpg", quick_photo());
  folder.write("in/x/y/b.jpg", quick_photo());
  EXPECT_EQ(run({"-r", "-d", "in/out", "-o", "{stem}.jpg", "in"}).status, 0);
  const Strings expected = {"in/a.jpg", "in/out/a.jpg", "in/out/x/y/b.jpg", "in/x/y/b.jpg"};
  EXPECT_EQ(names(), expected);
  EXPECT_EQ(run({"-r", "-d", "in/out", "-o", "{stem}.jpg", "in"}).status, 0);
  EXPECT_EQ(names(), expected);
}

TEST_F(ThumbnailsProgramTest, OnlyWhatIsNamedLikeThisRunsThumbnailsIsLeftOutAndItIsSaid) {
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

TEST_F(ThumbnailsProgramTest, FirstOfTwoInputsHasTheOutputAndTheOtherAHint) {
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

TEST_F(ThumbnailsProgramTest, SizeAndQualityAreThoseAskedFor) {
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

TEST_F(ThumbnailsProgramTest, SeveralSizesHaveANameAndALineEach) {
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

TEST_F(ThumbnailsProgramTest, RepeatedOptionTakesOneValueAndWhatFollowsIsAPath) {
  folder.write("in/a.jpg", quick_photo());
  folder.write("in/b.jpg", quick_photo());
  const Ended ended = run({"-E", "b*", "-s", "64", "in"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(names(), Strings({"in/a.jpg", "in/a_thumbnail.jpg", "in/b.jpg"}));
}

TEST_F(ThumbnailsProgramTest, FormatIsThatOfTheOptionOrOfTheOutput) {
  folder.write("a.jpg", quick_photo());
  EXPECT_EQ(run({"-f", "png"}).status, 0);
  EXPECT_TRUE(folder.read("a_thumbnail.png").starts_with("\x89PNG"));
  EXPECT_EQ(run({"-o", "{stem}_t.webp"}).status, 0);
  EXPECT_EQ(folder.read("a_t.webp").substr(8, 4), "WEBP");
}

TEST_F(ThumbnailsProgramTest, UpdateMakesWhatIsMissingOlderOrMadeDifferently) {
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

TEST_F(ThumbnailsProgramTest, DamageIsNeverUpToDate) {
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

TEST_F(ThumbnailsProgramTest, ListThatCannotBeReadIsAMistakeAndNotEmpty) {
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

TEST_F(ThumbnailsProgramTest, ListOfFilesEndsInLinesOrInNulBytes) {
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

TEST_F(ThumbnailsProgramTest, PatternsAndDepthChooseWhatIsTaken) {
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

TEST_F(ThumbnailsProgramTest, LinkedFoldersAreEnteredOnceWhenAskedFor) {
  folder.write("x/a.jpg", quick_photo());
  std::filesystem::create_directory_symlink("..", folder / "x/loop");
  EXPECT_EQ(lines_of(run({"-r"}).out), Strings({line_for("x/a")}));
  EXPECT_EQ(lines_of(run({"-r", "-L"}).out), Strings({line_for("x/a")}));
}

TEST_F(ThumbnailsProgramTest, FailFastBeginsNothingMore) {
  folder.write("a.jpg", "no photo");
  folder.write("b.jpg", quick_photo());
  const Ended ended = run({"--fail-fast", "--executor", "inline"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(ended.out, "");
}

TEST_F(ThumbnailsProgramTest, DryRunSaysWhatItWouldDoAndWritesNothing) {
  folder.write("a.jpg", quick_photo());
  const Ended ended = run({"-n", "-d", "out"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.out, "A thumbnail for a.jpg would be saved as out/a_thumbnail.jpg\n");
  EXPECT_EQ(ended.err, "");
  EXPECT_EQ(names(), Strings({"a.jpg"}));
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
}

TEST_F(ThumbnailsProgramTest, QuietSaysNothingButErrors) {
  folder.write("a.jpg", quick_photo());
  const Ended ended = run({"--quiet", "a.jpg", "gone.jpg"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(ended.err, "gone.jpg: error: no such file or directory\n");
  EXPECT_EQ(names().size(), 2U);
}

TEST_F(ThumbnailsProgramTest, SummaryTellsOutcomesSpeedAndLoadAndInAPipeThereIsNoProgress) {
  folder.write("a.jpg", quick_photo());
  const Ended ended = run({"-j", "1"});
  EXPECT_EQ(without_numbers(ended.err),
            "# thumbnail made, # failed in # s: # photos/s\n"
            "# worker, busy # %; # s of CPU time, # of " +
                std::string(ended.err.ends_with("cores busy\n") ? "# cores" : "# core") +
                " busy\n");
}

TEST_F(ThumbnailsProgramTest, OutputThatCannotBeSavedIsAFailureOfThatPhoto) {
  folder.write("a.jpg", quick_photo());
  folder.write("out", "a file in the way");
  const Ended ended = run({"-d", "out"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(
      ended.err.starts_with("a.jpg: error: cannot save out/a_thumbnail.jpg: not a directory\n"))
      << ended.err;
}

TEST_F(ThumbnailsProgramTest, SizesBeforeTheOneThatCannotBeSavedAreKept) {
  folder.write("a.jpg", quick_photo());
  std::filesystem::create_directory(folder / "a_thumbnail_32.jpg");
  const Ended ended = run({"--json", "-s", "64", "-s", "32"});
  EXPECT_EQ(ended.status, 1);
  const auto parsed = records(ended.out);
  ASSERT_EQ(parsed.size(), 1U);
  EXPECT_EQ(parsed[0].at("status"), "failed");
  EXPECT_TRUE(is_whole_jpeg(folder.read("a_thumbnail_64.jpg")));
}

TEST_F(ThumbnailsProgramTest, WrongUsageEndsWithTwoAndMakesNothing) {
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

TEST_F(ThumbnailsProgramTest, SizesOfOneNameAreAMistakeWithAWayOut) {
  EXPECT_EQ(run({"-s", "50", "-s", "50%"}).err,
            "bulkhead thumbnails: two sizes have the {size} 50; make them one after the other, "
            "with another --output each\n");
}

TEST_F(ThumbnailsProgramTest, RemovedCurrentFolderHindersNoAbsolutePath) {
  folder.write("in/a.jpg", quick_photo());
  const std::string there = "mkdir gone && cd gone && rmdir ../gone && ";
  const std::string command = there + BULKHEAD_PROGRAM + " thumbnails " + (folder / "in/a.jpg");
  const Ended ended = run_program({"/bin/sh", "-c", command}, folder.path());
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(names(), Strings({"in/a.jpg", "in/a_thumbnail.jpg"}));
}

TEST_F(ThumbnailsProgramTest, LimitTooShortToCountIsALimit) {
  folder.write("slow.jpg", slow_photo());
  const Ended ended = run({"--timeout", "1e-10"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.err.starts_with("slow.jpg: error: timed out")) << ended.err;
}

TEST_F(ThumbnailsProgramTest, HelpAndVersionEndWithZero) {
  EXPECT_NE(run({"--help"}).out.find("--output-dir"), std::string::npos);
  EXPECT_EQ(run({"--help"}).status, 0);
  EXPECT_TRUE(run({"--version"}).out.starts_with("bulkhead "));
  EXPECT_NE(run_program({BULKHEAD_PROGRAM, "--help"}, folder.path()).out.find("thumbnails"),
            std::string::npos);
}

TEST_F(ThumbnailsProgramTest, NothingToDoIsDone) {
  const Ended ended = run({});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.out, "");
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
