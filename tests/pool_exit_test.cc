// Programs that end while their pools live.

#include <unistd.h>

#include <algorithm>
#include <cerrno>
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

TEST_P(ProgramWithPool, WritesWhatWasBufferedBeforeThePoolOnce) {
  const Ended ended = end("fork_with_unwritten_output");
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.out, "written once\n");
  EXPECT_EQ(ended.err, "");
}

}  // namespace
}  // namespace bulkhead::tests
