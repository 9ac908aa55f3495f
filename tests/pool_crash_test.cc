#include <atomic>
#include <ranges>
#include <thread>

#include <gtest/gtest.h>

#include <bulkhead/bulkhead.h>

#include "gate.h"
#include "victims.h"

namespace bulkhead {
namespace {

// A sanitizer's own threads stand in the way of a second fork.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

struct Death {
  const char* name;
  int (*task)();
  const char* message;  ///< without the worker's number

  friend void PrintTo(const Death& death, std::ostream* out) { *out << death.name; }
};

int exit_with_0() {
  return victims::exit_with(0);
}
int exit_with_42() {
  return victims::exit_with(42);
}
int exit_at_once_with_3() {
  return victims::exit_at_once_with(3);
}
int overflow() {
  return victims::overflow_the_stack(0);
}

class PoolDeath : public ::testing::TestWithParam<Death> {};

TEST_P(PoolDeath, FailsItsOwnTaskAloneAndTheMessageSaysHow) {
  ProcessPoolExecutor executor(2);
  const auto before = executor.submit(victims::square, 3);
  const auto victim = executor.submit(GetParam().task);
  const auto after = executor.submit(victims::square, 4);
  const auto outcome = victim.outcome();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_TRUE(outcome.error().message().starts_with(GetParam().message))
      << outcome.error().message();
  EXPECT_GT(outcome.error().pid, 0);
  EXPECT_EQ(outcome.error().attempts, 1U);
  EXPECT_EQ(before.get(), 9);
  EXPECT_EQ(after.get(), 16);
  EXPECT_EQ(executor.stats().crashed, 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Ways, PoolDeath,
    ::testing::Values(Death{"SegmentationFault", victims::segfault, "killed by SIGSEGV"},
                      Death{"NullPointer", victims::write_to_null, "killed by SIGSEGV"},
                      Death{"Abort", victims::abort_process, "killed by SIGABRT"},
                      Death{"Terminate", victims::terminate_process, "killed by SIGABRT"},
                      Death{"StackOverflow", overflow, "killed by SIGSEGV"},
                      Death{"Kill", victims::kill_itself, "killed by SIGKILL"},
                      Death{"ExitZero", exit_with_0, "exited with status 0"},
                      Death{"Exit", exit_with_42, "exited with status 42"},
                      Death{"ExitAtOnce", exit_at_once_with_3, "exited with status 3"},
                      Death{"PthreadExit", victims::leave_by_pthread_exit, "exited with status 0"}),
    [](const auto& death) { return std::string(death.param.name); });

int die_at_multiples_of_seven(int x) {
  return x % 7 == 0 ? victims::exit_at_once_with(7) : victims::square(x);
}

TEST(PoolCrash, CrashesInsideAMapCostTheirOwnItemsOnlyAndTheOrderIsKept) {
  for (const unsigned workers : {1U, 2U, 5U}) {
    ProcessPoolExecutor executor(workers);
    std::uint64_t index = 0;
    auto results = executor.map(die_at_multiples_of_seven, std::views::iota(0, 200));
    for (const auto& outcome : results.outcomes()) {
      const int x = static_cast<int>(index);
      if (x % 7 == 0) {
        ASSERT_FALSE(outcome.has_value());
        EXPECT_EQ(outcome.error().kind, FailureKind::Exited);
        EXPECT_EQ(outcome.error().index, index);
      } else {
        ASSERT_TRUE(outcome.has_value()) << outcome.error().message();
        EXPECT_EQ(*outcome, x * x);
      }
      ++index;
    }
    EXPECT_EQ(index, 200U);
  }
}

/// Appends one byte to the file at each start, so that starts can be counted afterwards.
int count_start_and_die(const std::string& file) {
  std::ofstream(file, std::ios::app) << 'x' << std::flush;
  return victims::kill_itself();
}

int count_start_and_die_once(const std::string& file) {
  const bool first = !std::ifstream(file).good();
  std::ofstream(file, std::ios::app) << 'x' << std::flush;
  return first ? victims::kill_itself() : 5;
}

class PoolRetry : public ::testing::Test {
 protected:
  PoolRetry() : file_(::testing::TempDir() + "starts-" + std::to_string(::getpid())) {
    std::remove(file_.c_str());
  }
  ~PoolRetry() override { std::remove(file_.c_str()); }
  std::size_t starts() const {
    std::ifstream in(file_);
    return std::string(std::istreambuf_iterator<char>(in), {}).size();
  }
  const std::string file_;
};

TEST_F(PoolRetry, ATaskIsNotStartedAgainByDefault) {
  ProcessPoolExecutor executor(2);
  EXPECT_THROW(executor.submit(count_start_and_die, file_).get(), WorkerCrashed);
  EXPECT_EQ(starts(), 1U);
}

TEST_F(PoolRetry, ATaskIsStartedOnceMoreForEachRetry) {
  ProcessPoolExecutor executor(2);
  const auto outcome = executor.submit({.retries = 2}, count_start_and_die, file_).outcome();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().attempts, 3U);
  EXPECT_EQ(starts(), 3U);
}

TEST_F(PoolRetry, ARetryThatSucceedsIsASuccess) {
  ProcessPoolExecutor executor(2);
  EXPECT_EQ(executor.submit({.retries = 1}, count_start_and_die_once, file_).get(), 5);
  EXPECT_EQ(starts(), 2U);
}

TEST_F(PoolRetry, AnExceptionIsNeverRetried) {
  ProcessPoolExecutor executor(1);
  auto outcome = executor.submit({.retries = 3}, victims::throw_invalid_argument, 1).outcome();
  EXPECT_EQ(outcome.error().kind, FailureKind::Exception);
}

TEST(PoolCrash, AllWorkersDyingAtOnceAreAllReplaced) {
  ProcessPoolExecutor executor(4);
  std::vector<Future<int>> victims_of_kill;
  for (int i = 0; i < 4; ++i) {
    victims_of_kill.push_back(executor.submit(victims::kill_itself));
  }
  for (const auto& victim : victims_of_kill) {
    EXPECT_THROW(victim.get(), WorkerCrashed);
  }
  EXPECT_EQ(executor.map(victims::square, std::views::iota(0, 50)).collect().size(), 50U);
}

TEST(PoolCrash, AWorkerKilledFromOutsideWhileIdleIsReplacedSilently) {
  ProcessPoolExecutor executor(1);
  const int first = executor.submit(victims::process_id).get();
  ASSERT_EQ(::kill(first, SIGKILL), 0);
  // The next task may still be sent to the dead worker: it was never started there, so it moves on.
  const int second = executor.submit(victims::process_id).get();
  EXPECT_NE(first, second);
  EXPECT_EQ(executor.stats().crashed, 0U);
}

TEST(PoolCrash, TheForkServerKilledIsReplacedAndOnlyRunningTasksFail) {
  if (kSanitized) {
    GTEST_SKIP() << "the sanitizer's own threads forbid to fork again";
  }
  ProcessPoolExecutor executor(2);
  const int server = executor.submit([] { return static_cast<int>(::getppid()); }).get();
  const Gate gate;
  const auto running = executor.submit(Gate::pass, gate.name());
  gate.await_arrival();
  ASSERT_EQ(::kill(server, SIGKILL), 0);
  EXPECT_FALSE(running.outcome().has_value());
  EXPECT_EQ(executor.submit(victims::square, 6).get(), 36);
}

int leave_a_mark_and_sleep(const std::string& file) {
  std::ofstream(file) << 'x' << std::flush;
  return victims::sleep_forever();
}

TEST_F(PoolRetry, TheForkServerIsReplacedAlsoWhenNobodyWaitsAtThatMoment) {
  if (kSanitized) {
    GTEST_SKIP() << "the sanitizer's own threads forbid to fork again";
  }
  ProcessPoolExecutor executor(1);
  const int server = executor.submit([] { return static_cast<int>(::getppid()); }).get();
  const auto hanging = executor.submit(leave_a_mark_and_sleep, file_);
  while (starts() == 0) {
    std::this_thread::yield();
  }
  const auto waiting = executor.submit(victims::square, 5);
  ASSERT_EQ(::kill(server, SIGKILL), 0);
  while (!hanging.done()) {
    std::this_thread::yield();  // The pool's own thread sees the death; it may not fork by itself.
  }
  EXPECT_THROW((void)hanging.get(), WorkerCrashed);
  EXPECT_EQ(waiting.get(), 25);
}

int square_after_a_while(int x) {
  for (std::atomic<int> turns = 0; turns < 20'000; ++turns) {
  }
  return victims::square(x);
}

TEST(PoolCrash, RandomKillsLoseNothingAndChangeNoResult) {
  constexpr int kItems = 3000;
  ProcessPoolExecutor executor(3);
  // As fast as it can, but for one worker at a time: a busy worker dies in the middle of its
  // stream.
  const std::jthread killer([&executor](const std::stop_token& over) {
    for (std::uint32_t turn = 0; !over.stop_requested(); ++turn) {
      for (const auto& worker : executor.stats().workers) {
        if (worker.alive && worker.pid != 0 && worker.tasks > turn % 64) {
          ::kill(worker.pid, SIGKILL);
        }
      }
    }
  });
  auto results =
      executor.map({.each = {.retries = 1000}}, square_after_a_while, std::views::iota(0, kItems));
  int x = 0;
  for (const auto& outcome : results.outcomes()) {
    ASSERT_TRUE(outcome.has_value()) << outcome.error().message();
    ASSERT_EQ(*outcome, x * x);
    ++x;
  }
  EXPECT_EQ(x, kItems);
}

// ---- hostile workers

class HostileWorker : public ::testing::TestWithParam<int> {};

TEST_P(HostileWorker, ScribblingOverItsRingHarmsItAlone) {
  ProcessPoolExecutor executor(2);
  const auto healthy = executor.submit(victims::square, 3);
  // It may look like success, a lie that gets it killed, or nonsense; never like another's result.
  const auto scribbled = executor
                             .submit({.timeout = std::chrono::seconds(10)},
                                     victims::scribble_over_shared_memory, GetParam())
                             .outcome();
  EXPECT_TRUE(scribbled.has_value() || scribbled.error().kind != FailureKind::Exception);
  EXPECT_EQ(healthy.get(), 9);
  std::vector<int> expected;
  for (int x = 0; x < 100; ++x) {
    expected.push_back(x * x);
  }
  EXPECT_EQ(executor.map(victims::square, std::views::iota(0, 100)).collect(), expected);
}

INSTANTIATE_TEST_SUITE_P(Bytes, HostileWorker, ::testing::Values(0, 1, 0x7f, 0xff),
                         [](const auto& byte) { return "Byte" + std::to_string(byte.param); });

TEST(PoolCrash, AWorkerCannotWriteToItsRequests) {
  ProcessPoolExecutor executor(1);
  EXPECT_EQ(executor.submit(victims::make_requests_writable).get(), EACCES);
}

}  // namespace
}  // namespace bulkhead
