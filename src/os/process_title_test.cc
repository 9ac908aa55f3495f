#include "os/process_title.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

namespace bulkhead::os {
namespace {

std::string command_line() {
  std::ifstream file("/proc/self/cmdline");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Of a title that was shown: what comes before the first zero.
std::string title() {
  return command_line().c_str();
}

/// What `act` returns in a process of its own that has a title.
template <class Act>
bool with_title(Act act) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto title = ProcessTitle::take_over();
    ::_exit(title && act(*title) ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return status == 0;
}

class ProcessTitleTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!with_title([](ProcessTitle&) { return true; })) {
      GTEST_SKIP() << "this kernel lets no process change its command line";
    }
  }
};

TEST_F(ProcessTitleTest, IsWhatWasSetLast) {
  EXPECT_TRUE(with_title([](ProcessTitle& process) {
    process.set("a long title");
    process.set("short");
    return title() == "short";
  }));
}

TEST_F(ProcessTitleTest, IsCutWhereItIsTooLong) {
  EXPECT_TRUE(with_title([](ProcessTitle& process) {
    process.set(std::string(1000, 'x'));
    return title() == std::string(ProcessTitle::kMostBytes, 'x');
  }));
}

TEST_F(ProcessTitleTest, LeavesTheArgumentsAndTheEnvironmentWhereTheyAre) {
  EXPECT_TRUE(with_title([](ProcessTitle& process) {
    process.set("title");
    const std::string executed = program_invocation_name;
    std::ifstream file("/proc/self/environ");
    const std::string environment{std::istreambuf_iterator<char>(file),
                                  std::istreambuf_iterator<char>()};
    return executed.ends_with("os_test") && environment.find('=') != std::string::npos;
  }));
}

}  // namespace
}  // namespace bulkhead::os
