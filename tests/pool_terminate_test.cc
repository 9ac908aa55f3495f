// The end of all workers at once: at their own pace, or not.

#include <chrono>
#include <csignal>
#include <functional>
#include <string>
#include <vector>

#include "pool_test.h"
#include "signs.h"

namespace bulkhead {
namespace {

using namespace std::chrono_literals;

int run_for_ever(const std::string& started) {
  set_sign(started);
  return victims::sleep_forever();
}
int run_for_ever_deaf(const std::string& started) {
  ::signal(SIGTERM, SIG_IGN);
  return run_for_ever(started);
}
/// Ends with 7 when it gets SIGTERM.
int run_until_terminated(const std::string& started) {
  sigset_t terminated;
  ::sigemptyset(&terminated);
  ::sigaddset(&terminated, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &terminated, nullptr);
  set_sign(started);
  int signal = 0;
  return ::sigwait(&terminated, &signal) == 0 ? 7 : 0;
}

class PoolTerminate : public PoolTest {
 protected:
  Signs signs_{"pool-terminate"};
};

TEST_P(PoolTerminate, FailsWhatRunsCancelsWhatWaitsAndTakesNoMore) {
  ProcessPoolExecutor executor(options());
  const auto running = executor.submit({.retries = 5}, run_for_ever, signs_.name("started"));
  signs_.wait_for("started");
  std::vector<Future<int>> others;
  for (int i = 0; i < 20; ++i) {
    others.push_back(executor.submit({.retries = 5}, victims::sleep_forever));
  }
  executor.terminate_workers(1h);
  const Failure failure = running.outcome().error();
  EXPECT_EQ(failure.kind, FailureKind::Crashed);
  EXPECT_EQ(failure.signal, SIGTERM);
  for (const auto& other : others) {
    EXPECT_FALSE(other.outcome().has_value());
  }
  EXPECT_TRUE(others.back().cancelled());
  EXPECT_THROW((void)executor.submit(victims::square, 1), ShutdownError);
}

TEST_P(PoolTerminate, LetsATaskThatHandlesTheSignalEndWell) {
  ProcessPoolExecutor executor(options());
  const auto future = executor.submit(run_until_terminated, signs_.name("started"));
  signs_.wait_for("started");
  executor.terminate_workers(1h);
  EXPECT_EQ(future.get(), 7);
}

TEST_P(PoolTerminate, KillsWhatIsThereAfterTheGrace) {
  ProcessPoolExecutor executor(options());
  const auto future = executor.submit(run_for_ever_deaf, signs_.name("started"));
  signs_.wait_for("started");
  const auto start = std::chrono::steady_clock::now();
  executor.terminate_workers(50ms);
  EXPECT_EQ(future.outcome().error().signal, SIGKILL);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 50ms);
}

TEST_P(PoolTerminate, IsOvertakenByKill) {
  ProcessPoolExecutor executor(options());
  const auto future = executor.submit(run_for_ever_deaf, signs_.name("started"));
  signs_.wait_for("started");
  executor.terminate_workers(1h);
  executor.kill_workers();
  EXPECT_EQ(future.outcome().error().signal, SIGKILL);
}

INSTANTIATE_TEST_SUITE_P(Pools, PoolTerminate, two_pools(), name_of_kind);

// Both ways of ending all workers.
void at_their_pace(ProcessPoolExecutor& executor) {
  executor.terminate_workers(10ms);
}
void at_once(ProcessPoolExecutor& executor) {
  executor.kill_workers();
}
constexpr auto kBothWays = {at_their_pace, at_once};

class PoolForcedEnd : public PoolTest {};

TEST_P(PoolForcedEnd, OfAPoolThatWasNeverUsedOnlyClosesIt) {
  for (const auto end_workers : kBothWays) {
    ProcessPoolExecutor executor(options());
    end_workers(executor);
    EXPECT_THROW((void)executor.submit(victims::square, 1), ShutdownError);
  }
}

TEST_P(PoolForcedEnd, OfAPoolThatIsShutDownOrBrokenDoesNothing) {
  for (const auto end_workers : kBothWays) {
    ProcessPoolExecutor shut_down(options());
    EXPECT_EQ(shut_down.submit(victims::square, 3).get(), 9);
    shut_down.shutdown();
    end_workers(shut_down);
    end_workers(shut_down);

    PoolOptions faulty = options();
    faulty.initializer = {victims::abort_process};
    ProcessPoolExecutor broken(faulty);
    EXPECT_THROW((void)broken.submit(victims::square, 3).get(), BrokenProcessPool);
    end_workers(broken);
  }
}

TEST_P(PoolForcedEnd, LeavesNoWorkerThatWasJustReplaced) {
  for (const auto end_workers : kBothWays) {
    ProcessPoolExecutor executor(options());
    std::vector<Future<int>> dying;
    for (int i = 0; i < 100; ++i) {
      dying.push_back(executor.submit(victims::kill_itself));
    }
    dying[10].wait();
    end_workers(executor);
    for (const auto& future : dying) {
      EXPECT_FALSE(future.outcome().has_value());
    }
    executor.shutdown();  // Hangs if one is left.
  }
}

INSTANTIATE_TEST_SUITE_P(Every, PoolForcedEnd, every_pool(), name_of_kind);

}  // namespace
}  // namespace bulkhead
