// The jobs over records when things go wrong at run time: interruptions, workers that die.

#include <signal.h>

#include <filesystem>
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

// Few records, and no run of which anything is half way.
class RecordFilesTest : public testing::TestWithParam<JobCase> {
 protected:
  RecordFilesTest() {
    file = "in/" + std::string(GetParam().file);
    content = std::string(GetParam().record) + GetParam().record;
    folder.write(file, content);
  }

  Ended run(const Strings& arguments) const {
    Strings argv = {BULKHEAD_PROGRAM, GetParam().job, "-j", "1"};
    argv.insert(argv.end(), GetParam().options.begin(), GetParam().options.end());
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return run_program(argv, folder.path());
  }

  // "$@" is the job, $file the file.
  Ended run_in_shell(const std::string& script) const {
    Strings argv = {"/bin/sh",        "-c",          "file=" + file + "; " + script, "sh",
                    BULKHEAD_PROGRAM, GetParam().job};
    argv.insert(argv.end(), GetParam().options.begin(), GetParam().options.end());
    return run_program(argv, folder.path());
  }

  files::TemporaryFolder folder;
  std::string file;
  std::string content;
};

TEST_P(RecordFilesTest, OutputThatNobodyReadsIsNoMistake) {
  Strings argv = {BULKHEAD_PROGRAM, GetParam().job, "-j", "1"};
  argv.insert(argv.end(), GetParam().options.begin(), GetParam().options.end());
  argv.push_back(file);
  EXPECT_EQ(run_program(with_broken_outputs(argv), folder.path()).status, 141);
}

TEST_P(RecordFilesTest, OutputThatWouldReplaceAnInputIsRefused) {
  std::filesystem::create_symlink(file, folder / "link");
  std::filesystem::create_directory_symlink("in", folder / "folder");
  const std::string through_folder = "folder/" + std::string(GetParam().file);
  for (const std::string& output : {file, std::string("link"), through_folder}) {
    for (const char* option : {"-o", "--rejects"}) {
      const Ended ended = run({option, output, file});
      EXPECT_EQ(ended.status, 2);
      EXPECT_EQ(ended.err, "bulkhead " + std::string(GetParam().job) + ": " + file +
                               ": is an input, and an output would replace it\n");
    }
  }
  EXPECT_EQ(folder.read(file), content);
}

TEST_P(RecordFilesTest, TwoOutputsInOnePlaceAreRefused) {
  std::filesystem::create_directory_symlink("in", folder / "folder");
  for (const char* rejects : {"in/out", "./in/out", "folder/out"}) {
    const Ended ended = run({"-o", "in/out", "--rejects", rejects, file});
    EXPECT_EQ(ended.status, 2);
    EXPECT_NE(ended.err.find("cannot write: is another output, too\n"), std::string::npos)
        << ended.err;
  }
}

TEST_P(RecordFilesTest, OutputsInAFolderOfInputsAreNotRead) {
  const Strings arguments = {"-o", "in/out", "--rejects", "in/rejects", "in"};
  run(arguments);
  const std::string first = folder.read("in/out");
  const Ended again = run(arguments);
  EXPECT_EQ(folder.read("in/out"), first);
  EXPECT_NE(again.err.find("1 file, "), std::string::npos) << again.err;
  EXPECT_NE(again.err.find(", 2 outputs of this run left out"), std::string::npos) << again.err;
}

TEST_P(RecordFilesTest, EachFileIsReadOnceWhateverItIsCalled) {
  std::filesystem::create_symlink(file, folder / "link");
  const Ended once = run({file});
  const Ended several = run({file, file, "link", "in"});
  EXPECT_EQ(several.out, once.out);
  EXPECT_NE(several.err.find(", 3 repeated files left out"), std::string::npos) << several.err;
}

TEST_P(RecordFilesTest, PipesAndRedirectionsAreReadLikeFiles) {
  const std::string expected = run({file}).out;
  for (const char* script :
       {R"(cat "$file" | "$@" -)", R"(gzip -c "$file" | "$@" -)", R"("$@" - < "$file")",
        R"(mkfifo fifo; gzip -c "$file" > fifo & "$@" fifo)"}) {
    const Ended ended = run_in_shell(script);
    EXPECT_EQ(ended.out, expected) << script << '\n' << ended.err;
    EXPECT_EQ(ended.status, 0) << script;
  }
}

TEST_P(RecordFilesTest, OfAFileThatSomebodyHasBegunToReadTheRestIsRead) {
  const std::string expected = run({file}).out;
  folder.write("more", GetParam().record + content);
  EXPECT_EQ(run_in_shell(R"({ read -r first; "$@" -; } < more)").out, expected);
}

TEST_P(RecordFilesTest, StandardInputIsOneInputAndNoOutput) {
  const Ended twice = run_in_shell(R"(cat "$file" | "$@" - -)");
  EXPECT_NE(twice.err.find(", 1 repeated file left out"), std::string::npos) << twice.err;
  const Ended same = run_in_shell(R"("$@" - "$file" < "$file")");
  EXPECT_NE(same.err.find(", 1 repeated file left out"), std::string::npos) << same.err;
  EXPECT_EQ(run_in_shell(R"("$@" - -o "$file" < "$file")").status, 2);
  const Ended list = run_in_shell(R"(echo "$file" | "$@" - --files-from -)");
  EXPECT_EQ(list.status, 2);
  EXPECT_NE(list.err.find("-: is the list of files, and no input as well\n"), std::string::npos);
}

TEST_P(RecordFilesTest, PipeThatCannotBeKeptFailsAndTheRestIsRead) {
  const Ended ended = run_in_shell(R"(cat "$file" | TMPDIR=missing "$@" - "$file")");
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(ended.out, run({file}).out);
  EXPECT_NE(ended.err.find("-: error: cannot be kept in TMPDIR: no such file or directory\n"),
            std::string::npos)
      << ended.err;
}

const auto kJobCases =
    testing::Values(JobCase{"logs", "a.log", kLine, {}},
                    JobCase{"extract", "a.tsv", kTsvRow, {"--col", "c=three", "--to", "csv"}});

std::string name_of(const testing::TestParamInfo<JobCase>& test) {
  return test.param.job;
}

INSTANTIATE_TEST_SUITE_P(Of, RecordFilesTest, kJobCases, name_of);

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

TEST_P(RecordJobsTest, KilledLeavesNothingHalfWritten) {
  RunningProgram program(command(), folder.path());
  ASSERT_NE(worker_at_work(program), 0);
  program.send(SIGKILL);
  EXPECT_EQ(program.wait().status, -SIGKILL);
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

INSTANTIATE_TEST_SUITE_P(Of, RecordJobsTest, kJobCases, name_of);

}  // namespace
}  // namespace bulkhead::tests
