// Runs that are ended in the middle and gone on with.

#include <signal.h>
#include <sys/resource.h>

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "thumbnails_fixture.h"

namespace bulkhead::tests {
namespace {

const Strings kJournal = {"--journal", "../journal", "--resume"};

Strings with_journal(Strings arguments) {
  arguments.insert(arguments.end(), kJournal.begin(), kJournal.end());
  return arguments;
}

class ThumbnailsJournalTest : public ThumbnailsProgramTest {
 protected:
  void SetUp() override { std::filesystem::create_directory(folder / "in"); }

  void write_photos(int count) const {
    for (int i = 0; i < count; ++i) {
      folder.write("in/" + std::to_string(i) + ".jpg", quick_photo());
    }
  }

  std::string input_folder() const { return folder.path() + "/in"; }

  Ended run_in(const Strings& arguments) const {
    return run_program(command(arguments), input_folder());
  }
};

TEST_F(ThumbnailsJournalTest, WhatIsDoneIsLeftAndWhatHasChangedIsMadeAgain) {
  write_photos(3);
  EXPECT_EQ(run_in(with_journal({"-j", "1"})).out,
            line_for("0") + "\n" + line_for("1") + "\n" + line_for("2") + "\n");
  EXPECT_EQ(run_in(with_journal({"-j", "1"})).out, "");
  folder.write("in/1.jpg", photo({.width = 330, .height = 240}));
  EXPECT_EQ(run_in(with_journal({"-j", "1"})).out, line_for("1") + "\n");
}

TEST_F(ThumbnailsJournalTest, OutputThatIsGoneIsMadeAgain) {
  write_photos(2);
  run_in(with_journal({"-j", "1"}));
  std::filesystem::remove(folder / "in/1_thumbnail.jpg");
  EXPECT_EQ(run_in(with_journal({"-j", "1"})).out, line_for("1") + "\n");
}

TEST_F(ThumbnailsJournalTest, WhatHasFailedIsTriedAgainWhenThatIsAsked) {
  write_photos(1);
  folder.write("in/bad.jpg", "no photo");
  EXPECT_EQ(run_in(with_journal({"-j", "1"})).status, 1);
  const Ended again = run_in(with_journal({"-j", "1"}));
  EXPECT_EQ(again.status, 1);
  EXPECT_TRUE(again.err.starts_with("bad.jpg: error: has failed before, and did not change since"))
      << again.err;
  const Ended retried = run_in(with_journal({"-j", "1", "--retry-failed"}));
  EXPECT_EQ(retried.status, 1);
  EXPECT_FALSE(retried.err.find("has failed before") != std::string::npos) << retried.err;
}

TEST_F(ThumbnailsJournalTest, OptionsThatDoNotFitAreRefused) {
  write_photos(1);
  run_in(with_journal({"-j", "1"}));
  const Ended other = run_in(with_journal({"-s", "64"}));
  EXPECT_EQ(other.status, 2);
  EXPECT_EQ(other.err,
            "bulkhead thumbnails: ../journal: is the journal of a run with other options\n");
  const Ended anew = run_in({"--journal", "../journal"});
  EXPECT_EQ(anew.status, 2);
  EXPECT_EQ(anew.err,
            "bulkhead thumbnails: ../journal: is there already; --resume goes on with it\n");
  EXPECT_EQ(run_in({"--resume"}).status, 2);
}

TEST_F(ThumbnailsJournalTest, RunsThatAreKilledAndGoneOnWithMakeWhatOneRunMakes) {
  constexpr std::size_t kPhotos = 60;
  write_photos(kPhotos);
  ASSERT_EQ(run_in({"-d", "../whole"}).status, 0);
  std::map<std::string, int> told;
  // Each run is killed after it has told of some photos, wherever it is then.
  for (std::size_t run = 0; told.size() < kPhotos; ++run) {
    ASSERT_LE(run, kPhotos);
    RunningProgram program(command(with_journal({"-d", "../out", "--fsync", "none"})),
                           input_folder());
    for (std::size_t i = 0; i <= run % 5; ++i) {
      program.read_line();
    }
    program.send(SIGKILL);
    for (const std::string& line : lines_of(program.wait().out)) {
      EXPECT_EQ(++told[line], 1) << line;
    }
  }
  EXPECT_EQ(run_in(with_journal({"-d", "../out"})).status, 0);
  const auto all = files();
  for (std::size_t i = 0; i < kPhotos; ++i) {
    const std::string name = "/" + std::to_string(i) + "_thumbnail.jpg";
    EXPECT_EQ(all.at("out" + name), all.at("whole" + name)) << name;
  }
  EXPECT_EQ(all.size(), 3 * kPhotos + 1);  // No stray file but the journal.
}

TEST_F(ThumbnailsJournalTest, PhotosAreNotBlamedForWorkersThatCannotBeKept) {
  for (const std::string name : {"a", "b", "c"}) {
    folder.write("in/" + name + ".jpg", slow_photo());
  }
  RunningProgram program(command(with_journal({"-j", "1"})), input_folder());
  const pid_t worker = worker_at_work(program);
  ASSERT_NE(worker, 0);
  const rlimit no_more_files{3, 3};
  ASSERT_EQ(::prlimit(program.pid(), RLIMIT_NOFILE, &no_more_files, nullptr), 0);
  ::kill(worker, SIGKILL);
  EXPECT_EQ(program.wait().status, 1);
  EXPECT_EQ(run_in(with_journal({"-j", "1"})).status, 0);
}

TEST_F(ThumbnailsJournalTest, InterruptedRunSaysHowToGoOn) {
  folder.write("in/a.jpg", quick_photo());
  folder.write("in/slow.jpg", slow_photo());
  folder.write("in/z.jpg", slow_photo());
  RunningProgram program(command(with_journal({"-j", "1"})), input_folder());
  ASSERT_EQ(program.read_line(), line_for("a"));
  program.send(SIGINT);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.status, 130);
  EXPECT_TRUE(ended.err.ends_with("to go on: the same command with --resume\n")) << ended.err;
  EXPECT_EQ(run_in(with_journal({"-j", "1"})).out.find(line_for("a")), std::string::npos);
}

TEST_F(ThumbnailsJournalTest, JournalThatCannotBeWrittenStopsTheRun) {
  write_photos(2);
  std::filesystem::create_symlink("/dev/full", folder / "full");
  const Ended ended = run_in({"-j", "1", "--journal", "../full"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_EQ(ended.err, "bulkhead thumbnails: ../full: is not a regular file\n");
}

// In mounts of its own, the folder `out` is on a file system that has room for a few thumbnails.
Strings with_little_room(const Strings& arguments) {
  Strings argv = {"/usr/bin/unshare",
                  "--mount",
                  "/bin/sh",
                  "-c",
                  "mount -t tmpfs -o size=32k none ../out && \"$@\"; status=$?; "
                  "cp ../out/* ../kept; exit $status",
                  "sh"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return argv;
}

TEST_F(ThumbnailsJournalTest, FullDiskStopsTheRunWhichCanBeGoneOnWith) {
  constexpr std::size_t kPhotos = 40;
  write_photos(kPhotos);
  std::filesystem::create_directory(folder / "out");
  std::filesystem::create_directory(folder / "kept");
  if (run_program(with_little_room({"/bin/true"}), input_folder()).status != 0) {
    GTEST_SKIP() << "mounting takes a privilege";
  }
  const Strings arguments = with_journal({"-j", "1", "-d", "../out"});
  const Ended full = run_program(with_little_room(command(arguments)), input_folder());
  EXPECT_EQ(full.status, 1);
  EXPECT_NE(full.err.find("no space left on device"), std::string::npos) << full.err;
  EXPECT_NE(full.err.find(" not tried"), std::string::npos) << full.err;
  const auto made = lines_of(full.out).size();
  EXPECT_GT(made, 0U);
  for (const auto& entry : std::filesystem::directory_iterator(folder / "kept")) {
    EXPECT_TRUE(is_whole_jpeg(folder.read("kept/" + entry.path().filename().string())));
  }
  std::filesystem::copy(folder / "kept", folder / "out");
  const Ended rest = run_program(command(arguments), input_folder());
  EXPECT_EQ(rest.status, 0);
  EXPECT_EQ(lines_of(rest.out).size() + made, kPhotos);
}

TEST_F(ThumbnailsJournalTest, EveryWayToWaitForTheDiskMakesTheSame) {
  write_photos(3);
  for (const std::string fsync : {"none", "batch", "each"}) {
    EXPECT_EQ(run_in({"-d", "../" + fsync, "--fsync", fsync}).status, 0);
    for (const std::string name : {"0", "1", "2"}) {
      EXPECT_EQ(folder.read(fsync + "/" + name + "_thumbnail.jpg"),
                folder.read("none/" + name + "_thumbnail.jpg"));
    }
  }
}

}  // namespace
}  // namespace bulkhead::tests
