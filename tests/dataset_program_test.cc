// bulkhead dataset, as its users meet it.

#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "thumbnails_fixture.h"

namespace bulkhead::tests {
namespace {

using nlohmann::json;

std::string small_photo(std::uint32_t seed) {
  return photo({.width = 90, .height = 60 + static_cast<int>(seed % 7), .seed = seed});
}

class DatasetProgramTest : public testing::Test {
 protected:
  static Strings command(const Strings& arguments) {
    Strings argv = {BULKHEAD_PROGRAM, "dataset"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return argv;
  }

  Ended run(const Strings& arguments) const {
    return run_program(command(arguments), folder.path());
  }

  // Two classes.
  void write_photos(std::uint32_t of_each) const {
    for (std::uint32_t i = 0; i < of_each; ++i) {
      folder.write("in/hat/" + std::to_string(i) + ".jpg", small_photo(i));
      folder.write("in/dress/" + std::to_string(i) + ".jpg", small_photo(1000 + i));
    }
  }

  // All files below a folder, by their paths in it.
  std::map<std::string, std::string> files_below(const std::string& name) const {
    std::map<std::string, std::string> contents;
    const std::string top = folder / name;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(top)) {
      if (entry.is_regular_file()) {
        const std::string path = entry.path().string().substr(top.size() + 1);
        contents[path] = folder.read(name + "/" + path);
      }
    }
    return contents;
  }

  json read_json(const std::string& name) const { return json::parse(folder.read(name)); }

  files::TemporaryFolder folder;
};

TEST_F(DatasetProgramTest, FoldersOfPhotosBecomeFoldersOfSamples) {
  folder.write("in/hat/a.jpg", photo({.width = 640, .height = 480, .orientation = 6}));
  folder.write("in/dress/b.jpg",
               photo({.width = 300, .height = 400, .coding = test_photos::Coding::Grey}));
  const Ended ended = run({"in", "-o", "out"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_TRUE(
      ended.err.starts_with("2 pictures in: 2 out, 0 filtered, 0 duplicate, 0 rejected in "))
      << ended.err;
  for (const char* name : {"out/train/hat/a.jpg", "out/train/dress/b.jpg"}) {
    const std::string file = folder.read(name);
    ASSERT_TRUE(is_whole_jpeg(file)) << name;
    const auto decoded =
        test_photos::decode_photo(std::as_bytes(std::span(file)), test_photos::Channels::Rgb);
    EXPECT_EQ(decoded.pixels.width, 224);
    EXPECT_EQ(decoded.pixels.height, 224);
    EXPECT_EQ(decoded.components, 3);
  }
  EXPECT_EQ(read_json("out/classes.json"), json({{"dress", 0}, {"hat", 1}}));
  EXPECT_EQ(folder.read("out/rejects.jsonl"), "");
  const Strings manifest = lines_of(folder.read("out/manifest.csv"));
  ASSERT_EQ(manifest.size(), 3U);
  EXPECT_EQ(std::ranges::count_if(manifest,
                                  [](const std::string& line) {
                                    return line.starts_with("in/hat/a.jpg,hat,1,train,") &&
                                           line.ends_with(",a,train/hat/a.jpg,,,,");
                                  }),
            1);
  const json statistics = read_json("out/stats.json");
  EXPECT_EQ(statistics["splits"]["train"]["pixels"], 2 * 224 * 224);
  EXPECT_EQ(statistics["classes"]["hat"], json({{"train", 1}, {"weight", 1.0}}));
}

TEST_F(DatasetProgramTest, EachFitGivesTheSizeThatItSays) {
  folder.write("in/a.jpg", photo({.width = 400, .height = 533}));
  const std::vector<std::pair<std::string, std::pair<int, int>>> sizes = {
      {"crop", {224, 224}}, {"pad", {224, 224}}, {"inside", {168, 224}}, {"stretch", {224, 224}}};
  for (const auto& [fit, size] : sizes) {
    ASSERT_EQ(run({"in", "-o", fit, "--fit", fit}).status, 0) << fit;
    const std::string file = folder.read(fit + "/train/a.jpg");
    const auto decoded =
        test_photos::decode_photo(std::as_bytes(std::span(file)), test_photos::Channels::Rgb);
    EXPECT_EQ(std::pair(decoded.pixels.width, decoded.pixels.height), size) << fit;
  }
}

TEST_F(DatasetProgramTest, CopyOfAPhotoHasTheExtensionOfItsFormat) {
  folder.write("x.y/sub/photo", quick_photo());
  folder.write("x.y/sub/long." + std::string(200, 'z'), small_photo(1));
  ASSERT_EQ(run({"x.y/sub/photo", "x.y/sub/long." + std::string(200, 'z'), "-o", "out", "--encode",
                 "original", "--to", "folder", "--to", "webdataset", "--verify"})
                .status,
            0);
  const auto files = files_below("out");
  EXPECT_TRUE(files.contains("train/photo.jpg"));
  EXPECT_TRUE(files.contains("train/long.jpg"));
  // The size is that of the copy: 90 wide, and not the 224 of a sample.
  EXPECT_NE(files.at("manifest.csv").find(",90,61,90,61,"), std::string::npos)
      << files.at("manifest.csv");
}

TEST_F(DatasetProgramTest, AnyNumberOfWorkersGivesTheSameBytes) {
  write_photos(15);
  folder.write("in/hat/broken.jpg", "no photo");
  const Strings arguments = {"in",
                             "--to",
                             "folder",
                             "--to",
                             "webdataset",
                             "--to",
                             "npy",
                             "-s",
                             "32",
                             "--shard",
                             "4",
                             "--split",
                             "train=.6,val=.2,test=.2"};
  const auto made_with = [&](const Strings& how, const std::string& out) {
    Strings all = arguments;
    all.insert(all.end(), how.begin(), how.end());
    all.insert(all.end(), {"-o", out});
    EXPECT_EQ(run(all).status, 1);
    return files_below(out);
  };
  const auto one = made_with({"-j", "1"}, "one");
  // Files, archives, arrays, and what is said about them.
  EXPECT_EQ(one.size(), 30 + 9 + 6 + 5U);
  for (const char* jobs : {"2", "3", "7"}) {
    EXPECT_EQ(made_with({"-j", jobs}, jobs), one) << jobs;
  }
  EXPECT_EQ(made_with({"--executor", "inline"}, "inline"), one);
}

TEST_F(DatasetProgramTest, WhatIsNoPhotoIsNamedAndTheRestIsMade) {
  write_photos(2);
  folder.write("in/hat/empty.jpg", "");
  folder.write("in/hat/text.jpg", "no photo");
  folder.write("in/hat/cut.jpg", quick_photo().substr(0, quick_photo().size() / 2));
  const Ended ended = run({"in", "gone.jpg", "-o", "out"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("in/hat/empty.jpg: error: is empty\n"), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("8 pictures in: 4 out, 0 filtered, 0 duplicate, 4 rejected in "),
            std::string::npos)
      << ended.err;
  std::map<std::string, std::string> reasons;
  for (const std::string& line : lines_of(folder.read("out/rejects.jsonl"))) {
    const json reject = json::parse(line);
    EXPECT_EQ(reject["status"], "rejected");
    reasons[reject["file"]] = reject["reason"];
  }
  EXPECT_EQ(reasons.size(), 4U);
  EXPECT_EQ(reasons["gone.jpg"], "no such file or directory");
  EXPECT_TRUE(reasons["in/hat/cut.jpg"].starts_with("damaged: ")) << reasons["in/hat/cut.jpg"];
  EXPECT_EQ(run({"in", "-o", "kept", "--truncated", "keep"}).status, 1);
  EXPECT_TRUE(is_whole_jpeg(folder.read("kept/train/hat/cut.jpg")));
}

TEST_F(DatasetProgramTest, EmptyDataSetIsNotPublishedButItsRejectsAre) {
  folder.write("in/hat/text.jpg", "no photo");
  const std::string cut = quick_photo().substr(0, quick_photo().size() / 2);
  folder.write("in2/hat/cut.jpg", cut);
  for (const char* in : {"in", "in2"}) {
    const Ended ended = run({in, "-o", "out", "--rejects", "rejects.jsonl"});
    EXPECT_EQ(ended.status, 1);
    EXPECT_NE(ended.err.find("bulkhead dataset: no photo is left, nothing is written\n"
                             "1 picture in: 0 out, 0 filtered, 0 duplicate, 1 rejected in "),
              std::string::npos)
        << ended.err;
    EXPECT_EQ(json::parse(folder.read("rejects.jsonl"))["status"], "rejected");
    EXPECT_FALSE(std::filesystem::exists(folder / "out"));
  }
}

TEST_F(DatasetProgramTest, NamesThatAreNoUtf8AreToldExactly) {
  folder.write("in/h\xFF/a\xFE.jpg", quick_photo());
  folder.write("in/h\xFE/b.jpg", small_photo(1));
  ASSERT_EQ(run({"in", "-o", "out"}).status, 0);
  EXPECT_EQ(read_json("out/classes.json"), json({{"h\\xfe", 0}, {"h\\xff", 1}}));
  const std::string manifest = folder.read("out/manifest.csv");
  EXPECT_NE(manifest.find("in/h\xEF\xBF\xBD/a\xEF\xBF\xBD.jpg,h\\xff,1,train,"), std::string::npos)
      << manifest;
  EXPECT_NE(manifest.find(",696e2f68ff2f61fe2e6a7067\n"), std::string::npos) << manifest;
}

TEST_F(DatasetProgramTest, MistakesAreToldInOneLineAndNothingIsWritten) {
  write_photos(1);
  folder.write("full/file");
  std::filesystem::create_directory(folder / "none");
  folder.write("labels.csv", "file,word\n");
  folder.write("open.csv", "file,label\na.jpg,hat\nb.jpg,\"hat\nc.jpg,dress\n");
  const std::vector<std::pair<Strings, std::string>> mistakes = {
      {{"in"}, "-o OUT is missing"},
      {{"-o", "out"}, "which photos? Please name a folder"},
      {{"none", "-o", "out"}, "there are no photos in none"},
      {{"in", "-o", "full"}, "full: is there, and is not empty"},
      {{"in", "-o", "out/", "--rejects", "./out/r.jsonl"},
       "./out/r.jsonl: --rejects is for a file outside out/; without it there is rejects.jsonl in "
       "there"},
      {{"in", "-o", "out", "--short", "100"}, "--short is less than --size"},
      {{"in", "-o", "out", "--short", "256", "--fit", "pad"},
       "--short is for --fit crop only: with --fit pad nothing is cut out"},
      {{"in", "-o", "out", "--to", "npy", "--fit", "inside"},
       "--fit inside gives samples of several sizes, which --to npy cannot hold"},
      {{"in", "-o", "out", "--rejects", "full"}, "full: cannot write: is a folder"},
      {{"in", "-o", "out", "--labels", "csv:gone.csv"}, "gone.csv: no such file or directory"},
      {{"in", "-o", "out", "--labels", "csv:open.csv"},
       "open.csv: the record at byte 21 has a quote that is never closed"},
      {{"none", "-o", "out", "--group", "csv:patient"},
       "--group: there is no table of labels with a column patient"},
      {{"in", "-o", "out", "--labels", "csv:labels.csv"},
       "labels.csv: has no column label, class or category"}};
  for (const auto& [arguments, problem] : mistakes) {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.status, 2) << problem;
    EXPECT_EQ(ended.err, "bulkhead dataset: " + problem + "\n");
  }
  for (const Strings& option : {Strings{"--to", "tfrecord"},
                                {"--resume"},
                                {"--split", "train=.9"},
                                {"--labels", "file:("},
                                {"--encode", "jpeg:0"},
                                {"-s", "0"},
                                {"-s", "16384"},
                                {"--seed", "-1"},
                                {"--max-aspect", "nan"}}) {
    Strings arguments = {"in", "-o", "out"};
    arguments.insert(arguments.end(), option.begin(), option.end());
    EXPECT_EQ(run(arguments).status, 2) << option.front();
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
}

TEST_F(DatasetProgramTest, PhotoThatKillsItsWorkerIsNamedAndTheRestIsMade) {
  folder.write("in/a.jpg", slow_photo());
  folder.write("in/b.jpg", slow_photo());
  RunningProgram program(command({"in", "-o", "out", "-j", "1", "--retries", "0"}), folder.path());
  const pid_t worker = worker_at_work(program);
  ASSERT_NE(worker, 0);
  ::kill(worker, SIGSEGV);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find(".jpg: error: killed by SIGSEGV"), std::string::npos) << ended.err;
  const json reject = json::parse(folder.read("out/rejects.jsonl"));
  EXPECT_TRUE(std::string(reject["reason"]).starts_with("killed by SIGSEGV"));
  EXPECT_EQ(read_json("out/dataset.json")["counts"],
            json({{"in", 2}, {"out", 1}, {"filtered", 0}, {"duplicate", 0}, {"rejected", 1}}));
}

TEST_F(DatasetProgramTest, EndOfAllWorkersIsNoFaultOfThePhotos) {
  for (int i = 0; i < 20; ++i) {
    folder.write("in/" + std::to_string(i) + ".jpg", slow_photo());
  }
  RunningProgram program(command({"in", "-o", "out", "-j", "1"}), folder.path());
  const pid_t worker = worker_at_work(program);
  ASSERT_NE(worker, 0);
  // No memory can be shared with another worker.
  const rlimit none{3, 3};
  ASSERT_EQ(::prlimit(program.pid(), RLIMIT_NOFILE, &none, nullptr), 0);
  ::kill(worker, SIGKILL);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(lines_of(ended.err).size(), 1U) << ended.err;
  EXPECT_NE(ended.err.find(", nothing is written\n"), std::string::npos) << ended.err;
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
}

TEST_F(DatasetProgramTest, InterruptLeavesNothing) {
  for (int i = 0; i < 20; ++i) {
    folder.write("in/" + std::to_string(i) + ".jpg", slow_photo());
  }
  RunningProgram program(command({"in", "-o", "out", "-j", "2"}), folder.path());
  const pid_t worker = worker_at_work(program);
  ASSERT_NE(worker, 0);
  program.press_ctrl_c();
  const Ended ended = program.wait();
  EXPECT_EQ(ended.status, 130);
  EXPECT_EQ(ended.err, "bulkhead dataset: interrupted, nothing is written\n");
  EXPECT_EQ(folder.count(), 1U);
  EXPECT_TRUE(is_over(worker));
}

TEST_F(DatasetProgramTest, InterruptEndsAnExpressionThatTakesForEver) {
  folder.write("in/" + std::string(60, 'a') + ".jpg", quick_photo());
  RunningProgram program(command({"in", "-o", "out", "-j", "1", "--labels", "file:^(a+)+$"}),
                         folder.path());
  // The program itself computes for the expression only.
  constexpr long kTicks = 20;
  ASSERT_TRUE(comes_true([&] {
    const auto process = find_process(program.pid());
    return !process || process->cpu_ticks > kTicks;
  }));
  program.press_ctrl_c();
  const Ended ended = program.wait();
  EXPECT_EQ(ended.status, 130);
  EXPECT_EQ(ended.err, "bulkhead dataset: interrupted, nothing is written\n");
  EXPECT_EQ(folder.count(), 1U);
}

TEST_F(DatasetProgramTest, NobodyWhoReadsLeavesNothing) {
  folder.write("in/none.jpg", "no photo");
  folder.write("in/slow.jpg", slow_photo());
  const Ended ended =
      run_program(with_broken_outputs(command({"in", "-o", "out", "-j", "1"})), folder.path());
  EXPECT_EQ(ended.status, 141);
  EXPECT_EQ(folder.count(), 1U);
}

}  // namespace
}  // namespace bulkhead::tests
