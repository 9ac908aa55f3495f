// Programs that end while their pools live.

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "process_end.h"
#include "running_program.h"

namespace bulkhead::tests {
namespace {

/// The start method of the program's pools.
class ProgramWithPool : public ::testing::TestWithParam<const char*> {
 protected:
  static Ended end(const std::string& how) {
    return run_program({BULKHEAD_EXIT_PROGRAM, how, GetParam()}, ::testing::TempDir());
  }
};

INSTANTIATE_TEST_SUITE_P(StartMethods, ProgramWithPool, ::testing::Values("fork", "spawn"),
                         [](const auto& method) { return std::string(method.param); });

std::vector<std::string> sorted_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  std::ranges::sort(lines);
  return lines;
}

std::vector<std::string> all_squares() {
  std::string text;
  for (int i = 0; i < 10; ++i) {
    text += "square " + std::to_string(i * i) + "\n";
  }
  return sorted_lines(text);
}

TEST_P(ProgramWithPool, ThatReturnsFromMainWaitsForTheTasksOfAGlobalPool) {
  const Ended ended = end("return_with_a_global_pool");
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(sorted_lines(ended.out), all_squares());
  EXPECT_EQ(ended.err, "");
}

TEST_P(ProgramWithPool, ThatShutsDownWithoutWaitingStillHasTheOutputOfItsTasks) {
  const Ended ended = end("shut_down_without_waiting_and_return");
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(sorted_lines(ended.out), all_squares());
  EXPECT_EQ(ended.err, "");
}

TEST_P(ProgramWithPool, ThatExitsTakesAPoolThatNobodyDestroysAlong) {
  const Ended ended = end("exit_with_a_busy_pool");
  EXPECT_EQ(ended.status, 3);
  EXPECT_EQ(ended.err, "");
  EXPECT_TRUE(ends(std::stoi(ended.out))) << ended.out;
}

TEST_P(ProgramWithPool, ThatReturnsFromMainEndsTheDefaultPoolThoughItIsBusy) {
  const Ended ended = end("return_with_a_busy_default_pool");
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.err, "");
  EXPECT_TRUE(ends(std::stoi(ended.out))) << ended.out;
}

TEST_P(ProgramWithPool, ThatHandlesCtrlCDecidesWhatBecomesOfItsTasks) {
  RunningProgram program({BULKHEAD_EXIT_PROGRAM, "finish_when_interrupted", GetParam()},
                         ::testing::TempDir());
  const std::string worker = program.read_line().value();
  program.press_ctrl_c();
  const Ended ended = program.wait();
  EXPECT_EQ(ended.status, 130);
  EXPECT_EQ(ended.out, worker + "\nended: " + worker + "\ncancelled\n");
  EXPECT_EQ(ended.err, "");
  EXPECT_TRUE(ends(std::stoi(worker)));
}

TEST_P(ProgramWithPool, ThatDiesOfCtrlCTakesItsWorkersAlong) {
  RunningProgram program({BULKHEAD_EXIT_PROGRAM, "be_busy_for_ever", GetParam()},
                         ::testing::TempDir());
  const int worker = std::stoi(program.read_line().value());
  program.press_ctrl_c();
  const Ended ended = program.wait();
  EXPECT_EQ(ended.status, -SIGINT);
  EXPECT_EQ(ended.err, "");
  EXPECT_TRUE(ends(worker));
}

TEST_P(ProgramWithPool, ThatIsKilledTakesItsWorkersAndTheirChildrenAlong) {
  RunningProgram program({BULKHEAD_EXIT_PROGRAM, "leave_a_grandchild", GetParam()},
                         ::testing::TempDir());
  const int grandchild = std::stoi(program.read_line().value());
  const int worker = find_process(grandchild).value().parent;
  program.send(SIGKILL);
  EXPECT_EQ(program.wait().status, -SIGKILL);
  EXPECT_TRUE(ends(worker));
  EXPECT_TRUE(ends(grandchild));
}

TEST_P(ProgramWithPool, WritesWhatWasBufferedBeforeThePoolOnce) {
  const Ended ended = end("fork_with_unwritten_output");
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.out, "written once\n");
  EXPECT_EQ(ended.err, "");
}

}  // namespace
}  // namespace bulkhead::tests
