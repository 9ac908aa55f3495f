// The program when things go wrong at run time: workers that die or hang, interruptions, kills.

#include <signal.h>
#include <sys/resource.h>

#include <gtest/gtest.h>

#include "thumbnails_fixture.h"

namespace bulkhead::tests {
namespace {

class ThumbnailsFaultsTest : public ThumbnailsProgramTest {
 protected:
  void write_slow_and_quick() const {
    folder.write("a.jpg", quick_photo());
    folder.write("slow.jpg", slow_photo());
    folder.write("z.jpg", quick_photo());
  }

  std::size_t outputs() const {
    std::size_t count = 0;
    for (const auto& [name, content] : files()) {
      if (name.ends_with("_thumbnail.jpg")) {
        ++count;
        EXPECT_TRUE(is_whole_jpeg(content)) << name;
      }
    }
    return count;
  }

  // Neither half a file under a final name, nor a temporary one.
  void expect_only_photos_and_thumbnails() const {
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      EXPECT_EQ(entry.path().extension(), ".jpg") << entry.path();
    }
  }
};

TEST_F(ThumbnailsFaultsTest, PhotoWhoseWorkerDiesTwiceIsNamedWithTheSignalAndTheRestGoesOn) {
  write_slow_and_quick();
  RunningProgram program(command({"-j", "1"}), folder.path());
  ASSERT_EQ(program.read_line(), line_for("a"));  // It computes for the next one now.
  const pid_t first = worker_at_work(program);
  ASSERT_NE(first, 0);
  ::kill(first, SIGKILL);
  const pid_t second = worker_at_work(program, first);
  ASSERT_NE(second, 0);
  ::kill(second, SIGSEGV);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(lines_of(ended.out), Strings({line_for("a"), line_for("z")}));
  EXPECT_TRUE(ended.err.starts_with("slow.jpg: error: killed by SIGSEGV")) << ended.err;
}

TEST_F(ThumbnailsFaultsTest, PhotoWhoseWorkerDiesOnceIsTriedAgain) {
  write_slow_and_quick();
  RunningProgram program(command({"-j", "1"}), folder.path());
  ASSERT_EQ(program.read_line(), line_for("a"));  // It computes for the next one now.
  const pid_t worker = worker_at_work(program);
  ASSERT_NE(worker, 0);
  ::kill(worker, SIGKILL);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(lines_of(ended.out), Strings({line_for("a"), line_for("slow"), line_for("z")}));
}

TEST_F(ThumbnailsFaultsTest, PhotoThatDoesNotEndIsStoppedAtTheLimitAndEarlierLinesDoNotWait) {
  write_slow_and_quick();
  RunningProgram program(command({"-j", "1", "--timeout", "3"}), folder.path());
  const pid_t worker = worker_at_work(program);
  ASSERT_NE(worker, 0);
  ::kill(worker, SIGSTOP);
  EXPECT_EQ(program.read_line(), line_for("a"));
  const Ended ended = program.wait();
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(lines_of(ended.out), Strings({line_for("a"), line_for("z")}));
  EXPECT_TRUE(ended.err.starts_with("slow.jpg: error: timed out after 3 s")) << ended.err;
  EXPECT_TRUE(is_over(worker));
}

TEST_F(ThumbnailsFaultsTest, MemoryOfWorkersIsLimitedUnlessThatIsNotWanted) {
  for (int i = 0; i < 40; ++i) {
    folder.write("p" + std::to_string(100 + i) + ".jpg", slow_photo());
  }
  const auto limit_with = [this](const std::string& memory) {
    RunningProgram program(command({"-j", "1", "--timeout", "0", "--memory", memory}),
                           folder.path());
    rlimit limit{};
    ::prlimit(worker_at_work(program), RLIMIT_DATA, nullptr, &limit);
    program.send(SIGKILL);
    program.wait();
    return limit.rlim_cur;
  };
  EXPECT_NE(limit_with("auto"), RLIM_INFINITY);
  EXPECT_EQ(limit_with("0"), RLIM_INFINITY);
}

TEST_F(ThumbnailsFaultsTest, InterruptKeepsWhatIsDoneAndLeavesNothingBehind) {
  for (int i = 0; i < 40; ++i) {
    folder.write("p" + std::to_string(100 + i) + ".jpg", slow_photo());
  }
  RunningProgram program(command({"-j", "2"}), folder.path());
  ASSERT_TRUE(program.read_line());
  const auto workers = grandchildren(program.pid());
  EXPECT_FALSE(workers.empty());
  program.press_ctrl_c();
  const Ended ended = program.wait();
  EXPECT_EQ(ended.status, 130);
  EXPECT_EQ(outputs(), lines_of(ended.out).size());
  EXPECT_LT(outputs(), 40U);
  EXPECT_NE(ended.err.find(", 0 failed, "), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find(" not tried in "), std::string::npos) << ended.err;
  expect_only_photos_and_thumbnails();
  for (const Process& worker : workers) {
    EXPECT_TRUE(is_over(worker.pid));
  }
}

TEST_F(ThumbnailsFaultsTest, SecondInterruptKillsWhatRuns) {
  write_slow_and_quick();
  RunningProgram program(command({"-j", "1", "--timeout", "0"}), folder.path());
  const pid_t worker = worker_at_work(program);
  ASSERT_NE(worker, 0);
  ::kill(worker, SIGSTOP);
  // Two different ones: equal signals that wait together are one.
  program.press_ctrl_c();
  program.send(SIGTERM);
  const Ended ended = program.wait();
  EXPECT_TRUE(ended.status == 128 + SIGINT || ended.status == 128 + SIGTERM) << ended.status;
  EXPECT_TRUE(is_over(worker));
  expect_only_photos_and_thumbnails();
}

TEST_F(ThumbnailsFaultsTest, SecondSignalEndsARunWithoutWorkersWithTheStatusOfTheFirst) {
  write_slow_and_quick();
  RunningProgram program(command({"--executor", "inline"}), folder.path());
  ASSERT_EQ(program.read_line(), line_for("a"));
  program.send(SIGTERM);
  program.send(SIGHUP);
  const Ended ended = program.wait();
  // Of signals that wait together, either can be the first.
  EXPECT_TRUE(ended.status == 128 + SIGTERM || ended.status == 128 + SIGHUP) << ended.status;
  expect_only_photos_and_thumbnails();
}

TEST_F(ThumbnailsFaultsTest, KilledProgramLeavesTheReportOfTheRunBefore) {
  write_slow_and_quick();
  folder.write("report", "before\n");
  RunningProgram program(command({"-j", "1", "--report", "report"}), folder.path());
  ASSERT_EQ(program.read_line(), line_for("a"));
  program.send(SIGKILL);
  EXPECT_EQ(program.wait().status, -SIGKILL);
  EXPECT_EQ(folder.read("report"), "before\n");
}

TEST_F(ThumbnailsFaultsTest, KilledProgramLeavesNoHalfFileAndNoProcess) {
  for (int i = 0; i < 40; ++i) {
    folder.write("p" + std::to_string(100 + i) + ".jpg", i < 20 ? quick_photo() : slow_photo());
  }
  RunningProgram program(command({"-j", "2"}), folder.path());
  for (int i = 0; i < 15; ++i) {
    ASSERT_TRUE(program.read_line());
  }
  const auto workers = grandchildren(program.pid());
  EXPECT_FALSE(workers.empty());
  program.send(SIGKILL);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.status, -SIGKILL);
  EXPECT_GE(outputs(), lines_of(ended.out).size());
  expect_only_photos_and_thumbnails();
  for (const Process& worker : workers) {
    EXPECT_TRUE(comes_true([&] { return is_over(worker.pid); }));
  }
}

}  // namespace
}  // namespace bulkhead::tests
