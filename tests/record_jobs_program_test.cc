// The jobs over records when things go wrong at run time: interruptions, workers that die.

#include <signal.h>

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"
#include "running_program.h"

namespace bulkhead::tests {
namespace {

using Strings = std::vector<std::string>;

constexpr const char* kLine =
    R"(10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 7 "-" "agent")"
    "\n";
constexpr const char* kTsvRow = "one\ttwo\tthree\tfour\tfive\tsix\tseven\teight\n";

struct JobCase {
  const char* job;
  const char* file;  // as it is named
  const char* record;
  Strings options;
};

// Enough records for a worker to be found at work.
std::string many(const std::string& record) {
  constexpr std::size_t kBytes = std::size_t{64} << 20U;
  std::string text;
  text.reserve(kBytes + record.size());
  while (text.size() < kBytes) {
    text += record;
  }
  return text;
}

class RecordJobsTest : public testing::TestWithParam<JobCase> {
 protected:
  RecordJobsTest() { folder.write(GetParam().file, many(GetParam().record)); }

  Strings command() const {
    Strings argv = {BULKHEAD_PROGRAM, GetParam().job, "-j", "1", "-o", "out",
                    "--rejects",      "rejects"};
    argv.insert(argv.end(), GetParam().options.begin(), GetParam().options.end());
    argv.emplace_back(GetParam().file);
    return argv;
  }

  files::TemporaryFolder folder;
};

TEST_P(RecordJobsTest, InterruptedLeavesNothingHalfWritten) {
  RunningProgram program(command(), folder.path());
  const pid_t worker = worker_at_work(program);
  ASSERT_NE(worker, 0);
  ::kill(worker, SIGSTOP);
  // Two different ones: equal signals that wait together are one.
  program.press_ctrl_c();
  program.send(SIGTERM);
  const Ended ended = program.wait();
  EXPECT_TRUE(ended.status == 128 + SIGINT || ended.status == 128 + SIGTERM) << ended.status;
  EXPECT_NE(ended.err.find(std::string("bulkhead ") + GetParam().job + ": interrupted\n"),
            std::string::npos)
      << ended.err;
  EXPECT_TRUE(is_over(worker));
  EXPECT_EQ(folder.count(), 1U);  // The input.
}

TEST_P(RecordJobsTest, WorkerThatIsKilledOnceCostsNothing) {
  const Ended undisturbed = run_program(command(), folder.path());
  const std::string expected = folder.read("out");
  RunningProgram program(command(), folder.path());
  const pid_t worker = worker_at_work(program);
  ASSERT_NE(worker, 0);
  ::kill(worker, SIGKILL);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.status, undisturbed.status) << ended.err;
  EXPECT_TRUE(folder.read("out") == expected);
}

INSTANTIATE_TEST_SUITE_P(
    Of, RecordJobsTest,
    testing::Values(JobCase{"logs", "a.log", kLine, {}},
                    JobCase{"extract", "a.tsv", kTsvRow, {"--col", "c=three", "--to", "csv"}}),
    [](const auto& test) { return std::string(test.param.job); });

}  // namespace
}  // namespace bulkhead::tests
