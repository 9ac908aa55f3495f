// How far the program's own workers are locked in.

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"
#include "running_program.h"
#include "without_landlock.h"

namespace bulkhead::tests {
namespace {

using Strings = std::vector<std::string>;

// Enough for a worker to be found at work.
std::string many_lines() {
  constexpr const char* kLine =
      R"(10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 7 "-" "agent")"
      "\n";
  constexpr std::size_t kBytes = std::size_t{64} << 20U;
  std::string text;
  while (text.size() < kBytes) {
    text += kLine;
  }
  return text;
}

class SandboxProgramTest : public testing::Test {
 protected:
  Ended run(const Strings& arguments) const {
    Strings argv = {BULKHEAD_PROGRAM};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return run_program(argv, folder.path());
  }

  // What the system says of a worker of `logs` at work: "2" of "Seccomp:\t2".
  std::string state_of_worker(const Strings& options, const std::string& key) const {
    folder.write("a.log", many_lines());
    Strings argv = {BULKHEAD_PROGRAM, "logs", "-j", "1"};
    argv.insert(argv.end(), options.begin(), options.end());
    argv.emplace_back("a.log");
    std::string state;
    while (state.empty()) {  // On a busy machine it can be gone before it is looked at.
      const RunningProgram program(argv, folder.path());
      state = state_of(worker_at_work(program), key);
    }
    return state;
  }

  // Empty: there is no such process.
  static std::string state_of(pid_t process, const std::string& key) {
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    for (std::string word; status >> word;) {
      if (word == key + ":") {
        status >> word;
        return word;
      }
    }
    return "";
  }

  files::TemporaryFolder folder;
};

TEST_F(SandboxProgramTest, WorkersGainNoPrivileges) {
  EXPECT_EQ(state_of_worker({"--sandbox", "default"}, "NoNewPrivs"), "1");
  EXPECT_EQ(state_of_worker({"--sandbox", "none"}, "NoNewPrivs"), "0");
}

TEST_F(SandboxProgramTest, WorkersMakeOnlySomeSystemCalls) {
  if (run({"doctor"}).out.find("on   seccomp") == std::string::npos) {
    GTEST_SKIP() << "this kernel has no filters of system calls";
  }
  constexpr const char* kFiltered = "2";
  EXPECT_EQ(state_of_worker({"--sandbox", "default"}, "Seccomp"), kFiltered);
}

TEST_F(SandboxProgramTest, DoctorTellsOfEverySandbox) {
  const Ended ended = run({"doctor"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.err, "");
  for (const char* part : {"CPUs  ", "memory  ", "\nsandbox none\n", "\nsandbox default\n",
                           "\nsandbox strict", "privileges: none of root's"}) {
    EXPECT_NE(ended.out.find(part), std::string::npos) << part << " in\n" << ended.out;
  }
}

TEST_F(SandboxProgramTest, WithoutALayerItSaysSo) {
  folder.write("a.log", "no log\n");
  EXPECT_TRUE(holds_without_landlock([this] {
    return run({"logs", "--sandbox", "default", "a.log"})
        .err.starts_with("bulkhead: warning: workers are locked in without Landlock: ");
  }));
  EXPECT_TRUE(holds_without_landlock([this] {
    const std::string out = run({"doctor"}).out;
    return out.find("  OFF  Landlock: ") != std::string::npos &&
           out.find("sandbox strict: would not start here") != std::string::npos;
  }));
}

TEST_F(SandboxProgramTest, ASandboxWithoutWorkersIsRefused) {
  folder.write("a.log", "");
  const Ended ended = run({"logs", "--executor", "inline", "--sandbox", "default", "a.log"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_EQ(ended.err, "bulkhead: a sandbox needs worker processes, not --executor inline\n");
}

}  // namespace
}  // namespace bulkhead::tests
