// Workers that come and go: how many there are, when they start, and when they leave.

#include <sys/resource.h>

#include <algorithm>
#include <map>
#include <ranges>
#include <set>
#include <thread>

#include "gate.h"
#include "pool_test.h"

namespace bulkhead {
namespace {

using namespace std::chrono_literals;

class PoolStaffing : public PoolTest {};

INSTANTIATE_TEST_SUITE_P(Pools, PoolStaffing, every_pool(), name_of_kind);

std::set<int> living_workers(const ProcessPoolExecutor& executor) {
  std::set<int> pids;
  for (const WorkerStats& worker : executor.stats().workers) {
    if (worker.alive && worker.pid != 0) {
      pids.insert(worker.pid);
    }
  }
  return pids;
}

int process_of(int /*item*/) {
  return ::getpid();
}

/// As long as it lives, this process can open nothing more.
class NoMoreFiles {
 public:
  NoMoreFiles() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit exhausted{3, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &exhausted);
  }
  ~NoMoreFiles() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NoMoreFiles(const NoMoreFiles&) = delete;
  NoMoreFiles& operator=(const NoMoreFiles&) = delete;

 private:
  rlimit before_{};
};

// ---- how many there are

TEST_P(PoolStaffing, AsManyTasksRunAtOnceAsThereAreWorkers) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  std::vector<Future<int>> futures;
  for (unsigned i = 0; i < 15 * GetParam().max_workers; ++i) {
    futures.push_back(executor.submit(Gate::pass, gate.name()));
  }
  std::set<int> busy;
  for (unsigned i = 0; i < GetParam().max_workers; ++i) {
    busy.insert(gate.await_arrival());
  }
  EXPECT_EQ(busy.size(), GetParam().max_workers);
  EXPECT_EQ(executor.stats().workers.size(), GetParam().max_workers);
  gate.open();
  for (const auto& future : futures) {
    EXPECT_TRUE(busy.contains(future.get()));
  }
}

TEST_P(PoolStaffing, TasksThatComeOneByOneAreRunByOneWorker) {
  ProcessPoolExecutor executor(options());
  std::set<int> pids;
  for (int i = 0; i < 3; ++i) {
    pids.insert(executor.submit(victims::process_id).get());
  }
  EXPECT_EQ(pids.size(), 1U);
}

TEST_P(PoolStaffing, WhereFewerProcessesCanBeStartedFewerDoTheWork) {
  ProcessPoolExecutor executor(options());
  const int first = executor.submit(victims::process_id).get();
  const auto results = [&executor] {
    const NoMoreFiles no_other_worker;  // No memory can be shared with it.
    return executor.map(process_of, std::views::iota(0, 100)).collect();
  }();
  EXPECT_EQ(std::set(results.begin(), results.end()), std::set{first});
}

TEST_P(PoolStaffing, WhereNoProcessCanBeStartedThePoolIsBroken) {
  ProcessPoolExecutor executor(options());
  const auto outcome = [&executor] {
    const NoMoreFiles no_worker;
    return executor.submit(victims::process_id).outcome();
  }();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().kind, FailureKind::Broken);
  EXPECT_NE(outcome.error().message().find("Too many open files"), std::string::npos)
      << outcome.error().message();
}

TEST(PoolOptionsTest, WhatMakesNoSenseIsRefused) {
  const auto refusal_of = [](const PoolOptions& options) -> std::string {
    try {
      const ProcessPoolExecutor executor(options);
      return "";
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
  };
  EXPECT_EQ(refusal_of({.max_workers = static_cast<unsigned>(-1)}),
            "max_workers: 4294967295 is not from 1 to 65536");
  EXPECT_EQ(refusal_of({.idle_timeout = -1ns}), "idle_timeout: a time is not negative");
  EXPECT_EQ(refusal_of({.leave_limit = 0ns}), "leave_limit: a worker needs some time to leave");
}

// ---- tasks per process

/// How many of the results came from each process.
std::map<int, std::uint64_t> count_by_process(const std::vector<int>& pids) {
  std::map<int, std::uint64_t> counts;
  for (const int pid : pids) {
    ++counts[pid];
  }
  return counts;
}

TEST_P(PoolStaffing, AWorkerRunsExactlySoManyTasksHoweverTheyTravel) {
  auto limited = options();
  limited.max_tasks_per_child = 7;
  ProcessPoolExecutor executor(limited);
  const auto counts =
      count_by_process(executor.map(process_of, std::views::iota(0, 700)).collect());
  for (const auto& [pid, count] : counts) {
    EXPECT_LE(count, 7U);
  }
  if (GetParam().max_workers == 1) {
    EXPECT_EQ(counts.size(), 100U);
  }
  executor.shutdown();
  EXPECT_GE(executor.stats().used_up, 100U - GetParam().max_workers);
}

TEST_P(PoolStaffing, ABacklogDrainsThoughEveryWorkerIsReplacedOnTheWay) {
  auto limited = options();
  limited.max_tasks_per_child = 2;
  ProcessPoolExecutor executor(limited);
  std::vector<Future<int>> futures;
  for (unsigned i = 0; i < 2 * 2 * GetParam().max_workers + 2; ++i) {
    futures.push_back(executor.submit(victims::process_id));
  }
  std::vector<int> pids;
  for (const auto& future : futures) {
    pids.push_back(future.get());
  }
  for (const auto& [pid, count] : count_by_process(pids)) {
    EXPECT_LE(count, 2U);
  }
}

TEST_P(PoolStaffing, WorkersAreReplacedAlsoAfterAShutdownThatDoesNotWait) {
  auto limited = options();
  limited.max_tasks_per_child = 1;
  ProcessPoolExecutor executor(limited);
  std::vector<Future<int>> futures;
  for (int i = 0; i < 20; ++i) {
    futures.push_back(executor.submit(victims::process_id));
  }
  executor.shutdown({.wait = false});
  std::set<int> pids;
  for (const auto& future : futures) {
    pids.insert(future.get());
  }
  EXPECT_EQ(pids.size(), 20U);
}

TEST_P(PoolStaffing, WorkersAreReplacedWhileTheExecutorIsDestroyed) {
  std::vector<Future<int>> futures;
  {
    auto limited = options();
    limited.max_tasks_per_child = 1;
    ProcessPoolExecutor executor(limited);
    for (int i = 0; i < 20; ++i) {
      futures.push_back(executor.submit(victims::process_id));
    }
  }
  std::set<int> pids;
  for (const auto& future : futures) {
    EXPECT_TRUE(future.done());
    pids.insert(future.get());
  }
  EXPECT_EQ(pids.size(), 20U);
}

TEST(PoolStatistics, TellOfTheLastThousandWorkersThatAreGone) {
  ProcessPoolExecutor executor({.max_workers = 2, .max_tasks_per_child = 1});
  executor.map(process_of, std::views::iota(0, 1100)).collect();
  executor.shutdown();
  EXPECT_EQ(executor.stats().workers.size(), 1000U);
}

// ---- idle time

TEST_P(PoolStaffing, IdleWorkersLeaveAndComeBackOnDemand) {
  auto impatient = options();
  impatient.idle_timeout = 1ms;
  ProcessPoolExecutor executor(impatient);
  for (int round = 0; round < 3; ++round) {
    const auto pids = executor.map(process_of, std::views::iota(0, 100)).collect();
    EXPECT_EQ(pids.size(), 100U);
    while (!living_workers(executor).empty()) {
      std::this_thread::yield();
    }
  }
  EXPECT_GE(executor.stats().idled_out, 3U);
}

TEST_P(PoolStaffing, TheSmallestIdleTimeLosesNothing) {
  auto impatient = options();
  impatient.idle_timeout = 1ns;
  ProcessPoolExecutor executor(impatient);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(executor.submit(victims::square, i).get(), i * i);
  }
  EXPECT_EQ(executor.map(victims::square, std::views::iota(0, 100)).collect().back(), 99 * 99);
}

/// Takes so long to encode in the program that all its workers leave meanwhile.
struct SlowToEncode {
  int number = 0;
  static inline ProcessPoolExecutor* pool = nullptr;  // NOLINT: serialize() has one argument

  template <class Archive>
  void serialize(Archive& archive) {
    archive(number);
    while (std::same_as<Archive, Encoder> && pool != nullptr && !living_workers(*pool).empty()) {
      std::this_thread::yield();
    }
  }
};

int number_of(const SlowToEncode& slow) {
  return slow.number;
}

TEST_P(PoolStaffing, WorkersMayLeaveWhileAnArgumentIsEncoded) {
  auto impatient = options();
  impatient.idle_timeout = 1ms;
  ProcessPoolExecutor executor(impatient);
  SlowToEncode::pool = &executor;
  for (int i = 0; i < 3; ++i) {
    executor.boot_up();
    EXPECT_EQ(executor.submit(number_of, SlowToEncode{i}).get(), i);
  }
  SlowToEncode::pool = nullptr;
  EXPECT_GE(executor.stats().idled_out, 3U * GetParam().max_workers);
}

TEST_P(PoolStaffing, APoolWhoseWorkersHaveLeftCanBeResizedAndUsed) {
  auto impatient = options();
  impatient.idle_timeout = 1ms;
  ProcessPoolExecutor executor(impatient);
  executor.boot_up();
  while (!living_workers(executor).empty()) {
    std::this_thread::yield();
  }
  executor.resize(GetParam().max_workers + 1);
  EXPECT_EQ(executor.submit(victims::square, 7).get(), 49);
}

// ---- boot-up

TEST_P(PoolStaffing, BootUpGivesAllWorkersBeforeTheFirstTask) {
  ProcessPoolExecutor executor(options());
  executor.boot_up();
  const auto booted = living_workers(executor);
  EXPECT_EQ(booted.size(), GetParam().max_workers);
  executor.boot_up();
  EXPECT_EQ(living_workers(executor), booted);
  EXPECT_TRUE(booted.contains(executor.submit(victims::process_id).get()));
}

TEST_P(PoolStaffing, BootUpNeedNotBeWaitedFor) {
  ProcessPoolExecutor executor(options());
  executor.boot_up({.wait = false});
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
  executor.boot_up();
  EXPECT_EQ(living_workers(executor).size(), GetParam().max_workers);
}

TEST_P(PoolStaffing, AfterShutdownNoWorkerCanBeAskedFor) {
  ProcessPoolExecutor executor(options());
  executor.shutdown();
  EXPECT_THROW(executor.boot_up(), ShutdownError);
  EXPECT_THROW(executor.resize(2), ShutdownError);
}

TEST_P(PoolStaffing, BootUpGivesUpWhereTheSystemRefuses) {
  ProcessPoolExecutor executor(options());
  {
    const NoMoreFiles no_worker;
    executor.boot_up();
  }
  EXPECT_TRUE(living_workers(executor).empty());
}

TEST(PoolBootUp, WhoseFailureEndsATaskWakesWhoWaitsForIt) {
  for (int round = 0; round < 8; ++round) {
    ProcessPoolExecutor executor({.max_workers = 1});
    const NoMoreFiles no_worker;
    const auto future = executor.submit(victims::square, 1);
    const std::jthread waiter([&future] { future.wait(); });
    const auto boot_up = [&] {
      while (!future.done()) {
        executor.boot_up({.wait = false});
      }
    };
    const std::jthread other(boot_up);
    boot_up();
  }
}

// ---- resize

bool is_part_of(const std::set<int>& some, const std::set<int>& all) {
  return std::ranges::all_of(some, [&](int pid) { return all.contains(pid); });
}

TEST_P(PoolStaffing, ResizingKeepsTheHealthyWorkers) {
  ProcessPoolExecutor executor(options());
  executor.boot_up();
  const auto before = living_workers(executor);
  executor.resize(GetParam().max_workers + 2);
  executor.boot_up();
  const auto larger = living_workers(executor);
  EXPECT_EQ(larger.size(), GetParam().max_workers + 2);
  EXPECT_TRUE(is_part_of(before, larger));
  executor.resize(1);
  while (living_workers(executor).size() > 1) {
    std::this_thread::yield();
  }
  EXPECT_TRUE(is_part_of(living_workers(executor), larger));
  EXPECT_EQ(executor.max_workers(), 1U);
}

TEST_P(PoolStaffing, ResizingUpAndDownWithWorkUnderWayLosesNothing) {
  ProcessPoolExecutor executor(options());
  std::vector<Future<int>> futures;
  for (const unsigned workers : {12U, 2U, 1U, 12U, 6U, 1U, 8U, 5U}) {
    for (int i = 0; i < 50; ++i) {
      futures.push_back(executor.submit(victims::square, i));
    }
    executor.resize(workers);
    EXPECT_EQ(executor.max_workers(), workers);
  }
  for (std::size_t i = 0; i < futures.size(); ++i) {
    const int x = static_cast<int>(i % 50);
    EXPECT_EQ(futures[i].get(), x * x);
  }
  while (living_workers(executor).size() > 5) {
    std::this_thread::yield();
  }
}

TEST_P(PoolStaffing, ABusyWorkerThatIsTooManyEndsItsTaskFirst) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  executor.resize(2);
  const auto first = executor.submit(Gate::pass, gate.name());
  const auto second = executor.submit(Gate::pass, gate.name());
  gate.await_arrival();
  gate.await_arrival();
  executor.resize(1);
  gate.open();
  EXPECT_NE(first.get(), second.get());
  while (living_workers(executor).size() > 1) {
    std::this_thread::yield();
  }
}

TEST_P(PoolStaffing, APoolOfNoWorkersIsRefused) {
  ProcessPoolExecutor executor(options());
  EXPECT_THROW(executor.resize(0), std::invalid_argument);
  EXPECT_EQ(executor.max_workers(), GetParam().max_workers);
}

}  // namespace
}  // namespace bulkhead
