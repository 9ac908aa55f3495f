// Workers that end, or go mad, at moments of which no task is the cause, or in the middle of
// things.

#include <sys/mman.h>

#include <csignal>
#include <cstring>
#include <fstream>
#include <optional>
#include <random>
#include <ranges>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <bulkhead/bulkhead.h>

#include "pool_test.h"
#include "process_state.h"
#include "victims.h"

namespace bulkhead {
namespace {

using namespace std::chrono_literals;

class PoolWorkerEnd : public PoolTest {
 protected:
  PoolWorkerEnd() : sign_(::testing::TempDir() + "sign-" + std::to_string(::getpid())) {
    std::remove(sign_.c_str());
  }
  ~PoolWorkerEnd() override { std::remove(sign_.c_str()); }

  const std::string sign_;  ///< name of a file for those who wait for each other
};

/// Ends well; a thread that it leaves behind aborts the worker as soon as the file exists.
int abort_later(const std::string& file) {
  std::thread([file] {
    while (!std::ifstream(file).good()) {
      std::this_thread::yield();
    }
    std::abort();
  }).detach();
  return ::getpid();
}

bool exists(int pid) {
  return ::kill(pid, 0) == 0;
}

TEST_P(PoolWorkerEnd, AfterTheResultWasSentHarmsNeitherThatTaskNorTheNext) {
  ProcessPoolExecutor executor(options());
  const int worker = executor.submit(abort_later, sign_).get();
  std::ofstream(sign_) << 'x';
  while (exists(worker)) {
    std::this_thread::yield();
  }
  EXPECT_EQ(executor.submit(victims::square, 4).get(), 16);
  EXPECT_EQ(executor.stats().crashed, 0U);
}

int stop_and_never_return() {
  return victims::stop_itself();
}

std::size_t size_of(const std::vector<std::byte>& bytes) {
  return bytes.size();
}

TEST_P(PoolWorkerEnd, WhileALargeArgumentIsHalfwayToItSendsThatToAnother) {
  auto one = options();
  one.max_workers = 1;
  ProcessPoolExecutor executor(one);
  const int worker = executor.submit(victims::process_id).get();
  const auto stopped = executor.submit(stop_and_never_return);
  while (state_of(worker) != 'T') {
    std::this_thread::yield();
  }
  // The worker reads nothing, so that of 100 MB no more than what its ring holds can be sent.
  const auto large = executor.submit(size_of, std::vector<std::byte>(100'000'000));
  ASSERT_EQ(::kill(worker, SIGKILL), 0);
  EXPECT_EQ(large.get(), 100'000'000U);
  EXPECT_EQ(stopped.outcome().error().signal, SIGKILL);
}

TEST_P(PoolWorkerEnd, IsNoMatterOfTheThreadThatSubmitted) {
  ProcessPoolExecutor executor(options());
  std::optional<Future<int>> future;
  std::thread([&] { future = executor.submit(victims::square, 5); }).join();
  EXPECT_EQ(future->get(), 25);
  EXPECT_EQ(executor.submit(victims::square, 6).get(), 36);
}

int end_by_pthread_exit() {
  return victims::leave_by_pthread_exit();
}

TEST_P(PoolWorkerEnd, ByPthreadExitIsAnExit) {
  ProcessPoolExecutor executor(options());
  const auto outcome = executor.submit(end_by_pthread_exit).outcome();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().kind, FailureKind::Exited);
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
}

TEST_P(PoolWorkerEnd, BecauseATaskClosedItsDescriptorsLosesNoResult) {
  ProcessPoolExecutor executor(options());
  const auto mute = executor.submit(victims::close_all_descriptors);
  const auto next = executor.submit(victims::square, 3);
  EXPECT_EQ(mute.get(), 1);
  EXPECT_EQ(next.get(), 9);
}

/// What a task finds on its standard input: "" at once.
std::string read_standard_input() {
  std::string text;
  for (char c = 0; ::read(STDIN_FILENO, &c, 1) == 1;) {
    text += c;
  }
  return text;
}
int run_a_program_that_reads() {
  return std::system("cat");  // NOLINT(concurrency-mt-unsafe)
}

TEST_P(PoolWorkerEnd, IsNotWaitedForByReadingTheStandardInputWhichIsEmpty) {
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(executor.submit(read_standard_input).get(), "");
  EXPECT_EQ(executor.submit(run_a_program_that_reads).get(), 0);
}

// ---- madness

/// Overwrites what it shares with the program: all of it, or words here and there.
int scribble_at_random(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    unsigned long first = 0;
    unsigned long end = 0;
    char rights[5] = {};
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &first, &end, rights) != 3 ||
        std::string(rights) != "rw-s") {
      continue;
    }
    auto* const words = reinterpret_cast<std::uint64_t*>(first);  // NOLINT
    const std::size_t count = (end - first) / sizeof *words;
    const bool everywhere = seed % 2 == 0;
    // The header is the first page: that is where the harm is.
    const std::size_t reach = seed % 3 == 0 ? count : 512;
    for (std::size_t turn = 0; turn < (everywhere ? reach : 16); ++turn) {
      words[everywhere ? turn : random() % reach] = random() >> (random() % 64);
    }
  }
  return 1;
}

TEST_P(PoolWorkerEnd, ThatScribblesOverAllItSharesHarmsItselfAlone) {
  const std::uint64_t first = std::random_device()();
  RecordProperty("seed", std::to_string(first));
  ProcessPoolExecutor executor(options());
  for (std::uint64_t seed = first; seed < first + 100; ++seed) {
    SCOPED_TRACE(seed);
    const auto mad = executor.submit({.timeout = 10s}, scribble_at_random, seed);
    (void)mad.outcome();  // Anything, as long as it is over.
    const auto results = executor.map(victims::square, std::views::iota(0, 20)).collect();
    for (int x = 0; x < 20; ++x) {
      ASSERT_EQ(results[static_cast<std::size_t>(x)], x * x);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Pools, PoolWorkerEnd, two_pools(), name_of_kind);

class PoolMassDeath : public PoolTest {};

TEST_P(PoolMassDeath, OfAllWorkersAtOnceLosesNothing) {
  ProcessPoolExecutor executor(options());
  std::vector<Future<int>> victims_of_kill;
  for (unsigned i = 0; i < executor.max_workers(); ++i) {
    victims_of_kill.push_back(executor.submit(victims::kill_itself));
  }
  auto results = executor.map(victims::square, std::views::iota(0, 50));
  for (const auto& victim : victims_of_kill) {
    EXPECT_EQ(victim.outcome().error().signal, SIGKILL);
  }
  int x = 0;
  for (const int square : results) {
    EXPECT_EQ(square, x * x);
    ++x;
  }
  EXPECT_EQ(x, 50);
  EXPECT_EQ(executor.stats().crashed, executor.max_workers());
}

TEST_P(PoolMassDeath, GivesEachFailureItsOwnWorker) {
  ProcessPoolExecutor executor(options());
  std::set<int> workers;
  std::vector<Future<int>> futures;
  for (int i = 0; i < 20; ++i) {
    futures.push_back(executor.submit(victims::abort_process));
  }
  for (const auto& future : futures) {
    workers.insert(future.outcome().error().pid);
  }
  EXPECT_EQ(workers.size(), 20U);
}

INSTANTIATE_TEST_SUITE_P(Pools, PoolMassDeath, every_pool(), name_of_kind);

}  // namespace
}  // namespace bulkhead
