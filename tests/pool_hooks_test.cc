// What a worker does around its tasks: how it is set up, what it keeps, how it leaves.

#include <filesystem>
#include <fstream>
#include <ranges>
#include <set>
#include <thread>

#include "gate.h"
#include "pool_test.h"

namespace bulkhead {
namespace {

using namespace std::chrono_literals;

/// A file that hooks write lines to, each by one write.
class Diary {
 public:
  Diary()
      : file_(std::filesystem::temp_directory_path() / ("diary-" + std::to_string(::getpid()))) {
    std::filesystem::remove(file_);
  }
  ~Diary() { std::filesystem::remove(file_); }
  Diary(const Diary&) = delete;
  Diary& operator=(const Diary&) = delete;

  std::string name() const { return file_.string(); }

  static void write(const std::string& name, const std::string& line) {
    std::ofstream(name, std::ios::app) << line + "\n" << std::flush;
  }

  std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    std::ifstream in(file_);
    for (std::string line; std::getline(in, line);) {
      lines.push_back(line);
    }
    return lines;
  }

 private:
  std::filesystem::path file_;
};

void write_own_pid(const std::string& diary) {
  Diary::write(diary, std::to_string(::getpid()));
}

class PoolHooks : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Pools, PoolHooks, two_pools(), name_of_kind);

class PoolHooksEverywhere : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Pools, PoolHooksEverywhere, every_pool(), name_of_kind);

// ---- initializer

struct Model {
  std::string file = "none";
  int uses = 0;
};
void load_model(const std::string& file) {
  this_worker::emplace_state<Model>(file);
}
std::string use_model(const std::string& gate) {
  Gate::pass(gate);
  return this_worker::state<Model>().file;
}

TEST_P(PoolHooksEverywhere, EveryWorkerIsInitializedBeforeItsFirstTask) {
  const Gate gate;
  auto prepared = options();
  prepared.initializer = {load_model, "model.bin"};
  ProcessPoolExecutor executor(prepared);
  std::vector<Future<std::string>> futures;
  for (unsigned i = 0; i < GetParam().max_workers; ++i) {
    futures.push_back(executor.submit(use_model, gate.name()));
  }
  for (unsigned i = 0; i < GetParam().max_workers; ++i) {
    gate.await_arrival();
  }
  gate.open();
  for (const auto& future : futures) {
    EXPECT_EQ(future.get(), "model.bin");
  }
}

std::string failure_with(PoolOptions options, const WorkerHook& initializer) {
  options.initializer = initializer;
  ProcessPoolExecutor executor(options);
  std::vector<Future<int>> futures;
  for (int i = 0; i < 5; ++i) {
    futures.push_back(executor.submit(victims::square, i));
  }
  for (const auto& future : futures) {
    EXPECT_THROW(future.get(), BrokenProcessPool);
  }
  const auto later = executor.submit(victims::square, 1).outcome();
  EXPECT_FALSE(later.has_value());
  EXPECT_EQ(later.error().kind, FailureKind::Broken);
  return later.error().message();
}

TEST_P(PoolHooksEverywhere, AnInitializerThatThrowsBreaksThePoolInItsOwnWords) {
  EXPECT_EQ(failure_with(options(), {victims::throw_invalid_argument, 7}),
            "no worker process can be kept alive: in the initializer: std::invalid_argument: no 7 "
            "here");
}

TEST_P(PoolHooks, AnInitializerThatCrashesBreaksThePool) {
  EXPECT_NE(failure_with(options(), victims::kill_itself)
                .find("no worker process can be kept alive: in the initializer: killed by SIGKILL"),
            std::string::npos);
}

TEST_P(PoolHooks, AnInitializerThatExitsBreaksThePool) {
  EXPECT_NE(failure_with(options(), {victims::exit_with, 3})
                .find("in the initializer: a worker exited with status 3"),
            std::string::npos);
}

void fail_unless_exists(const std::string& file) {
  if (!std::filesystem::exists(file)) {
    write_own_pid(file);
    throw std::runtime_error("not yet");
  }
}

TEST_P(PoolHooks, AnInitializerThatFailsOnceIsTriedAgainInAFreshWorker) {
  const Diary diary;
  auto prepared = options();
  prepared.max_workers = 1;
  prepared.initializer = {fail_unless_exists, diary.name()};
  ProcessPoolExecutor executor(prepared);
  const int pid = executor.submit(victims::process_id).get();
  EXPECT_EQ(diary.lines().size(), 1U);
  EXPECT_NE(diary.lines().front(), std::to_string(pid));
  EXPECT_EQ(executor.stats().last_trouble, "in the initializer: std::runtime_error: not yet");
}

TEST_P(PoolHooks, AHookMayHaveLargeArguments) {
  auto prepared = options();
  prepared.initializer = {load_model, std::string(std::size_t{3} << 20U, 'x')};
  ProcessPoolExecutor executor(prepared);
  EXPECT_EQ(executor.submit([] { return this_worker::state<Model>().file.size(); }).get(),
            std::size_t{3} << 20U);
}

// ---- state

TEST_P(PoolHooks, AStateIsMadeOnFirstUseAndKeptForLaterTasks) {
  auto single = options();
  single.max_workers = 1;
  ProcessPoolExecutor executor(single);
  const auto count = [] { return ++this_worker::state<Model>().uses; };
  EXPECT_EQ(executor.submit(count).get(), 1);
  EXPECT_EQ(executor.submit(count).get(), 2);
  EXPECT_EQ(executor.submit([] { return this_worker::state<Model>().file; }).get(), "none");
}

TEST_P(PoolHooks, ASuccessorBeginsWithoutState) {
  auto limited = options();
  limited.max_workers = 1;
  limited.max_tasks_per_child = 2;
  ProcessPoolExecutor executor(limited);
  std::vector<int> counts;
  for (int i = 0; i < 4; ++i) {
    counts.push_back(executor.submit([] { return ++this_worker::state<Model>().uses; }).get());
  }
  EXPECT_EQ(counts, (std::vector{1, 2, 1, 2}));
}

TEST(ThisWorker, IsNotFoundOutsideOfAWorker) {
  EXPECT_FALSE(this_worker::exists());
  EXPECT_THROW(this_worker::index(), WrongProcess);
  EXPECT_THROW(this_worker::pid(), WrongProcess);
  EXPECT_THROW(this_worker::depth(), WrongProcess);
  EXPECT_THROW(this_worker::state<Model>(), WrongProcess);
}

TEST_P(PoolHooksEverywhere, WorkersAreNumberedFromZero) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  std::vector<Future<unsigned>> futures;
  for (unsigned i = 0; i < GetParam().max_workers; ++i) {
    futures.push_back(executor.submit(
        [](const std::string& name) {
          Gate::pass(name);
          return this_worker::pid() == ::getpid() ? this_worker::index() : 1000;
        },
        gate.name()));
  }
  for (unsigned i = 0; i < GetParam().max_workers; ++i) {
    gate.await_arrival();
  }
  gate.open();
  std::set<unsigned> indices;
  for (const auto& future : futures) {
    indices.insert(future.get());
  }
  EXPECT_EQ(indices.size(), GetParam().max_workers);
  EXPECT_EQ(*indices.rbegin(), GetParam().max_workers - 1);
}

// ---- finalizer

/// Writes to the diary when it is destroyed.
struct Farewell {
  std::string diary;
  std::string word;
  Farewell(std::string of, std::string with) : diary(std::move(of)), word(std::move(with)) {}
  Farewell(const Farewell&) = delete;
  Farewell& operator=(const Farewell&) = delete;
  ~Farewell() { Diary::write(diary, word); }
};
struct SecondFarewell : Farewell {
  using Farewell::Farewell;
};
void keep_farewells(const std::string& diary) {
  this_worker::emplace_state<Farewell>(diary, "first state");
  this_worker::emplace_state<SecondFarewell>(diary, "second state");
}
void write_line(const std::string& diary, const std::string& line) {
  Diary::write(diary, line);
}

TEST_P(PoolHooks, TheFinalizerRunsThenTheStatesAreDestroyedTheNewestFirst) {
  const Diary diary;
  auto prepared = options();
  prepared.max_workers = 1;
  prepared.initializer = {keep_farewells, diary.name()};
  prepared.finalizer = {write_line, diary.name(), "finalizer"};
  ProcessPoolExecutor executor(prepared);
  executor.submit(victims::process_id).wait();
  EXPECT_TRUE(diary.lines().empty());
  executor.shutdown();
  EXPECT_EQ(diary.lines(), (std::vector<std::string>{"finalizer", "second state", "first state"}));
}

TEST_P(PoolHooksEverywhere, EveryWorkerThatLeavesRunsTheFinalizerOnce) {
  const Diary diary;
  auto prepared = options();
  prepared.max_tasks_per_child = 3;
  prepared.finalizer = {write_own_pid, diary.name()};
  std::set<std::string> used;
  {
    ProcessPoolExecutor executor(prepared);
    for (const int pid : executor.map([](int) { return ::getpid(); }, std::views::iota(0, 60))) {
      used.insert(std::to_string(pid));
    }
    executor.resize(1);
  }
  const auto lines = diary.lines();
  const std::set<std::string> finalized(lines.begin(), lines.end());
  EXPECT_EQ(lines.size(), finalized.size());
  for (const std::string& pid : used) {
    EXPECT_TRUE(finalized.contains(pid));
  }
}

TEST_P(PoolHooks, AnIdleWorkerRunsTheFinalizerWhenItLeaves) {
  const Diary diary;
  auto prepared = options();
  prepared.idle_timeout = 1ms;
  prepared.finalizer = {write_own_pid, diary.name()};
  ProcessPoolExecutor executor(prepared);
  const int pid = executor.submit(victims::process_id).get();
  while (executor.stats().workers.back().alive) {
    std::this_thread::yield();
  }
  EXPECT_EQ(diary.lines(), std::vector{std::to_string(pid)});
}

TEST_P(PoolHooks, AKilledWorkerRunsNoFinalizer) {
  const Diary diary;
  auto prepared = options();
  prepared.finalizer = {write_own_pid, diary.name()};
  ProcessPoolExecutor executor(prepared);
  const Gate gate;
  const auto future = executor.submit(Gate::pass, gate.name());
  gate.await_arrival();
  executor.kill_workers();
  executor.shutdown();
  EXPECT_TRUE(diary.lines().empty());
}

TEST_P(PoolHooks, AFinalizerThatThrowsIsFoundInTheStatistics) {
  auto prepared = options();
  prepared.finalizer = {victims::throw_invalid_argument, 9};
  ProcessPoolExecutor executor(prepared);
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
  executor.shutdown();
  EXPECT_EQ(executor.stats().last_trouble, "std::invalid_argument: no 9 here");
}

TEST_P(PoolHooks, AFinalizerThatDoesNotEndIsKilled) {
  auto prepared = options();
  prepared.leave_limit = 50ms;
  prepared.finalizer = victims::sleep_forever;
  ProcessPoolExecutor executor(prepared);
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
  executor.shutdown();
}

}  // namespace
}  // namespace bulkhead
