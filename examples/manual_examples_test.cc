#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"
#include "running_program.h"

namespace bulkhead::tests {
namespace {

/// The programs of docs/manual.md say what the manual says that they say.
class ManualExamplesTest : public testing::Test {
 protected:
  Ended run(const std::string& name, const std::vector<std::string>& arguments = {}) const {
    std::vector<std::string> argv = {EXAMPLES_BUILT + ("/" + name)};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return run_program(argv, folder.path());
  }

  files::TemporaryFolder folder;
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(ManualExamplesTest, WordsAreCountedInWhateverOrderTheFilesEnd) {
  folder.write("a.txt", "one two three four");
  folder.write("b.txt", "five six");

  const Ended ended = run("word_counts", {"a.txt", "b.txt"});

  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_TRUE(contains(ended.out, "a.txt: 4 words\n")) << ended.out;
  EXPECT_TRUE(contains(ended.out, "b.txt: 2 words\n")) << ended.out;
  EXPECT_TRUE(contains(ended.out, "twice the first: 8\n")) << ended.out;
  EXPECT_TRUE(contains(ended.out, "the first again: 4\n")) << ended.out;
  EXPECT_TRUE(contains(ended.out, "\n6 words in all\n")) << ended.out;
}

TEST_F(ManualExamplesTest, MissingFileFailsItsOwnFutureAndTheTotal) {
  folder.write("a.txt", "one two three four");

  const Ended ended = run("word_counts", {"a.txt", "missing.txt"});

  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_TRUE(contains(ended.out, "a.txt: 4 words\n")) << ended.out;
  EXPECT_TRUE(contains(ended.out, "std::system_error: missing.txt: No such file")) << ended.out;
  EXPECT_TRUE(contains(ended.out, "no total: missing.txt: ")) << ended.out;
}

TEST_F(ManualExamplesTest, FirstPrimesOfAnInputWithoutEnd) {
  const Ended ended = run("first_primes", {"1", "5"});

  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "2\n3\n5\n7\n11\n");
}

TEST_F(ManualExamplesTest, EveryTornRecordHasItsOwnFailure) {
  const Ended ended = run("torn_records", {"5:hello", "5:hell", "x", "9999:z", "0:", "2:ok"});

  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_TRUE(
      ended.out.starts_with("hello\n"
                            "5:hell: TornRecord: 5:hell: 4 letters\n"
                            "x: std::invalid_argument: stoul\n"
                            "9999:z: killed by SIGSEGV (worker "))
      << ended.out;
  EXPECT_TRUE(contains(ended.out, "0:: exited with status 3 (worker ")) << ended.out;
  EXPECT_TRUE(ended.out.ends_with("ok\ntorn: 5:bye: 3 letters\n")) << ended.out;
  EXPECT_TRUE(contains(ended.err, "killed by SIGSEGV (worker ")) << ended.err;
  EXPECT_TRUE(contains(ended.err, "decode(")) << ended.err;
}

TEST_F(ManualExamplesTest, WhatTakesTooLongIsStopped) {
  const Ended ended = run("time_limits");

  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_TRUE(
      ended.out.starts_with("hangs: timed out after 50 ms\n"
                            "is asked to stop: timed out after 50 ms\n"
                            "crashes once: done\n"
                            "cancel of a running task: false\n"
                            "cancel of a waiting task: true\n"
                            "kill of a running task: true\n"
                            "killed: killed on request (worker "))
      << ended.out;
}

TEST_F(ManualExamplesTest, WordsThatTheDictionaryLacksAreNamedInOrder) {
  folder.write("dictionary.txt", "a b c");
  folder.write("1.txt", "a z b y");
  folder.write("2.txt", "x c");

  const Ended ended = run("unknown_words", {"dictionary.txt", "1.txt", "2.txt"});

  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "1.txt: y\n1.txt: z\n2.txt: x\n");
}

TEST_F(ManualExamplesTest, MostFrequentWordsOfAllFilesAreAddedUp) {
  folder.write("1.txt", "a b a c");
  folder.write("2.txt", "c c b a");

  const Ended ended = run("word_frequencies", {"2", "1.txt", "2.txt"});

  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "a: 3\nc: 3\n");
}

TEST_F(ManualExamplesTest, PlacesInSharedTextAreFoundWordByWord) {
  folder.write("text.txt", "one two one");

  const Ended ended = run("word_places", {"text.txt", "one", "two", "three"});

  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "one: 0 8\ntwo: 4\nthree:\n");
}

TEST_F(ManualExamplesTest, WorkerKeepsItsModelUntilItIsReplaced) {
  const Ended ended = run("worker_state");

  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out,
            "en: cats.model says that photo 1 is a cat, its use 1\n"
            "en: cats.model says that photo 2 is a cat, its use 2\n"
            "en: cats.model says that photo 3 is a cat, its use 1\n"
            "workers replaced: 1\n");
}

TEST_F(ManualExamplesTest, PoolsStartInThreadsInTasksAndByDefault) {
  const Ended ended = run("start_methods");

  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out,
            "a pool in a pool: 14\n"
            "the default pool: 49\n");
}

TEST_F(ManualExamplesTest, PoolCountsWhatItDid) {
  const Ended ended = run("pool_figures", {"1000", "2"});

  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_TRUE(ended.out.starts_with("sum: 500500\ntasks: 1000, crashes: 0\n")) << ended.out;
  EXPECT_EQ(std::ranges::count(ended.out, '\n'), 5) << ended.out;
}

}  // namespace
}  // namespace bulkhead::tests
