// What a failure tells of a worker that died.

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include <bulkhead/bulkhead.h>

#include "gate.h"
#include "pool_test.h"
#include "running_program.h"
#include "victims.h"

namespace bulkhead {

/// Outside of the unnamed namespace, to be found by its name.
[[gnu::noinline, gnu::no_sanitize("undefined")]] int write_where_nothing_is(std::uint64_t address) {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the point of it
  volatile int* const nowhere = reinterpret_cast<volatile int*>(address);
  *nowhere = 1;
  return *nowhere;
}

namespace {

using namespace std::chrono_literals;

class PoolCrashReport : public PoolTest {
 protected:
  template <class... A>
  static Failure failure_of(A... what) {
    ProcessPoolExecutor executor(options());
    const auto outcome = executor.submit(what...).outcome();
    return outcome ? Failure() : outcome.error();
  }
};

bool names(const std::vector<StackFrame>& stack, const std::string& function) {
  return std::ranges::any_of(stack, [&](const StackFrame& frame) {
    return frame.function.find(function) != std::string::npos;
  });
}

TEST_P(PoolCrashReport, TellsTheAddressAndTheFunctionsOnTheStack) {
  const Failure failure = failure_of(write_where_nothing_is, std::uint64_t{0x1234560});
  EXPECT_EQ(failure.signal, SIGSEGV);
  EXPECT_EQ(failure.phase, TaskPhase::Run);
  ASSERT_NE(failure.evidence, nullptr);
  EXPECT_EQ(failure.evidence->address, 0x1234560U);
  const auto stack = failure.stack();
  ASSERT_FALSE(stack.empty());
  EXPECT_NE(stack.front().function.find("write_where_nothing_is"), std::string::npos)
      << failure.report();
  EXPECT_FALSE(names(stack, "invoke_callable")) << failure.report();
}

TEST_P(PoolCrashReport, TellsWhatTheWorkerUsed) {
  const Failure failure = failure_of(victims::segfault);
  ASSERT_NE(failure.evidence, nullptr);
  EXPECT_GT(failure.evidence->max_rss_bytes, 100'000U);
  EXPECT_GT(failure.evidence->cpu_time, std::chrono::nanoseconds(0));
}

TEST_P(PoolCrashReport, HasNoAddressOfASignalThatWasSent) {
  const Failure failure = failure_of(victims::segfault);  // By raise().
  ASSERT_NE(failure.evidence, nullptr);
  EXPECT_EQ(failure.evidence->address, std::nullopt);
}

TEST_P(PoolCrashReport, IsOneTextForPeople) {
  const Failure failure = failure_of(write_where_nothing_is, std::uint64_t{0});
  const std::string report = failure.report();
  EXPECT_TRUE(report.starts_with(failure.message() + "\n  at address 0x0\n  used ")) << report;
  EXPECT_NE(report.find("\n  #0 bulkhead::write_where_nothing_is(unsigned long) (pool_"),
            std::string::npos)
      << report;
  EXPECT_EQ(report.back(), '\n');
}

TEST_P(PoolCrashReport, OfAStackOverflowShowsTheFunctionThatCallsItself) {
  const auto stack = failure_of(victims::overflow_the_stack, 0).stack();
  EXPECT_TRUE(names(stack, "overflow_the_stack"));
}

TEST_P(PoolCrashReport, OfAnAbortShowsWhoAborted) {
  const Failure failure = failure_of(victims::abort_process);
  EXPECT_EQ(failure.evidence->address, std::nullopt);
  EXPECT_TRUE(names(failure.stack(), "victims::abort_process")) << failure.report();
}

TEST_P(PoolCrashReport, OfATerminateTellsTheExceptionThatNobodyCaught) {
  allow_standard_error();
  const Failure failure = failure_of(victims::throw_out_of_noexcept);
  EXPECT_EQ(failure.message(), "killed by SIGABRT (worker " + std::to_string(failure.pid) +
                                   "): std::terminate: std::invalid_argument: no 7 here");
  EXPECT_TRUE(names(failure.stack(), "throw_out_of_noexcept")) << failure.report();
}

TEST_P(PoolCrashReport, OfAnExitHasNoStack) {
  const Failure failure = failure_of(victims::exit_with, 3);
  ASSERT_NE(failure.evidence, nullptr);
  EXPECT_TRUE(failure.stack().empty());
  EXPECT_GT(failure.evidence->max_rss_bytes, 0U);
}

TEST_P(PoolCrashReport, OfATimeoutTellsWhatTheWorkerUsed) {
  ProcessPoolExecutor executor(options());
  const auto outcome =
      executor.submit({.timeout = std::chrono::milliseconds(20)}, victims::spin).outcome();
  ASSERT_FALSE(outcome.has_value());
  ASSERT_NE(outcome.error().evidence, nullptr);
  EXPECT_GT(outcome.error().evidence->cpu_time, std::chrono::nanoseconds(0));
}

TEST_P(PoolCrashReport, IsOfTheRightTaskThoughOthersDieAtTheSameTime) {
  ProcessPoolExecutor executor(options());
  std::vector<Future<int>> futures;
  for (std::uint64_t i = 0; i < 12; ++i) {
    futures.push_back(executor.submit(write_where_nothing_is, i * 8));
  }
  for (std::uint64_t i = 0; i < 12; ++i) {
    const auto outcome = futures[i].outcome();
    ASSERT_FALSE(outcome.has_value());
    ASSERT_NE(outcome.error().evidence, nullptr);
    EXPECT_EQ(outcome.error().evidence->address, i * 8);
  }
}

int destroy_its_channel_and_die(int byte) {
  victims::scribble_over_shared_memory(byte);
  return victims::kill_itself();
}

TEST_P(PoolCrashReport, OfAWorkerThatDestroyedItIsStillAReportAndFailsTheTaskAlone) {
  ProcessPoolExecutor executor(options());
  for (const int byte : {0x01, 0x7f, 0xff}) {
    const auto outcome = executor.submit(destroy_its_channel_and_die, byte).outcome();
    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error().kind, FailureKind::Crashed);
    EXPECT_NE(outcome.error().message().find("it broke the protocol: "), std::string::npos);
    EXPECT_FALSE(outcome.error().report().empty());
    EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
  }
}

int die_with_a_core(const std::string& folder) {
  std::filesystem::current_path(folder);
  const rlimit any_core{RLIM_INFINITY, RLIM_INFINITY};
  ::setrlimit(RLIMIT_CORE, &any_core);
  return victims::abort_process();
}

TEST_P(PoolCrashReport, SaysThatACoreWasDumped) {
  std::string pattern;
  std::getline(std::ifstream("/proc/sys/kernel/core_pattern"), pattern);
  rlimit limit{};
  ::getrlimit(RLIMIT_CORE, &limit);
  if (limit.rlim_max != RLIM_INFINITY || pattern.empty() || pattern.front() == '/') {
    GTEST_SKIP() << "cores are limited, or written elsewhere: " << pattern;
  }
  const std::string folder = ::testing::TempDir() + "core-" + std::to_string(::getpid());
  std::filesystem::create_directory(folder);
  const Failure failure = failure_of(die_with_a_core, folder);
  std::filesystem::remove_all(folder);
  EXPECT_EQ(failure.signal, SIGABRT);
  ASSERT_NE(failure.evidence, nullptr);
  EXPECT_TRUE(failure.evidence->core_dumped);
}

TEST_P(PoolCrashReport, SaysWhenThePoolItselfKilledTheWorker) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const auto killed = executor.submit(Gate::pass, gate.name());
  gate.await_arrival();
  executor.kill_workers();
  const Failure failure = killed.outcome().error();
  EXPECT_EQ(failure.message(), "killed by SIGKILL (worker " + std::to_string(failure.pid) +
                                   "): all workers were killed on request");
  EXPECT_EQ(executor.stats().crashed, 0U);
}

/// A worker may be in a task before the pool has heard of it from the fork server.
void await_news_of(int worker, const ProcessPoolExecutor& executor) {
  const auto is_known = [&] {
    const auto workers = executor.stats().workers;
    return std::ranges::find(workers, worker, &WorkerStats::pid) != workers.end();
  };
  while (!is_known()) {
    std::this_thread::yield();
  }
}

TEST_P(PoolCrashReport, OfOneWhoseServerDiedSaysThat) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const auto lost = executor.submit(Gate::pass, gate.name());
  const int worker = gate.await_arrival();
  await_news_of(worker, executor);
  ::kill(tests::find_process(worker)->parent, SIGKILL);
  const Failure failure = lost.outcome().error();
  EXPECT_EQ(failure.message(),
            "killed by SIGKILL (worker " + std::to_string(worker) + "): the fork server died");
  EXPECT_EQ(executor.stats().crashed, 0U);
}

TEST_P(PoolCrashReport, OnlyWhatWorkersDidThemselvesIsCountedAsACrash) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  EXPECT_THROW(executor.submit({.timeout = 1ms}, victims::spin).get(), TimeoutError);
  const auto unwanted = executor.submit(Gate::pass, gate.name());
  gate.await_arrival();
  EXPECT_TRUE(unwanted.kill());
  EXPECT_THROW(unwanted.get(), CancelledError);
  EXPECT_THROW(executor.submit(victims::throw_invalid_argument, 1).get(), std::invalid_argument);
  EXPECT_EQ(executor.stats().crashed, 0U);
  EXPECT_THROW(executor.submit(victims::segfault).get(), WorkerCrashed);
  EXPECT_THROW(executor.submit(victims::exit_with, 3).get(), WorkerExited);
  EXPECT_EQ(executor.stats().crashed, 2U);
}

INSTANTIATE_TEST_SUITE_P(Pools, PoolCrashReport, two_pools(), name_of_kind);

}  // namespace
}  // namespace bulkhead
