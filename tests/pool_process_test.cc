// How the worker processes are: name, environment, folder, CPU, and how much memory they may hold.

#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gate.h"
#include "pool_test.h"

namespace bulkhead {
namespace {

class PoolProcess : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Pools, PoolProcess, two_pools(), name_of_kind);

class PoolProcessEverywhere : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Pools, PoolProcessEverywhere, every_pool(), name_of_kind);

std::string read_first_line(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

TEST_P(PoolProcess, WorkersHaveANameForThoseWhoLook) {
  auto named = options();
  named.max_workers = 1;
  ProcessPoolExecutor executor(named);
  EXPECT_EQ(executor.submit(read_first_line, "/proc/self/comm").get(), "bulkhead-w0");
  named.name = "photos";
  ProcessPoolExecutor other(named);
  EXPECT_EQ(other.submit(read_first_line, "/proc/self/comm").get(), "photos-w0");
}

/// The command line that ps shows for this process, up to the first zero.
std::string command_line() {
  std::string line = read_first_line("/proc/self/cmdline");
  return line.substr(0, line.find('\0'));
}

TEST_P(PoolProcess, TheTaskThatRunsIsNamedForThoseWhoLook) {
  auto named = options();
  named.max_workers = 1;
  named.name = "photos";
  ProcessPoolExecutor executor(named);
  const std::string of_the_program = executor.submit(command_line).get();
  const std::string shown = executor.submit({.name = "scan"}, command_line).get();
  if (shown == of_the_program) {
    GTEST_SKIP() << "this kernel lets no process change its command line";
  }
  EXPECT_EQ(shown, "photos-w0: scan");
  EXPECT_EQ(executor.submit({.name = "scan"}, command_line).get(), "photos-w0: scan");
  EXPECT_EQ(executor.submit(command_line).get(), "photos-w0");
  const auto in_a_map = [](int) { return command_line(); };
  EXPECT_EQ(executor.map({.each = {.name = "sort"}}, in_a_map, std::vector{1, 2}).collect(),
            std::vector<std::string>(2, "photos-w0: sort"));
}

TEST_P(PoolProcess, AWorkerWithoutATaskNamesNone) {
  auto named = options();
  named.max_workers = 1;
  ProcessPoolExecutor executor(named);
  const std::string of_the_program = executor.submit(command_line).get();
  if (executor.submit({.name = "scan"}, command_line).get() == of_the_program) {
    GTEST_SKIP() << "this kernel lets no process change its command line";
  }
  const int pid = executor.submit({.name = "scan"}, victims::process_id).get();
  const std::string file = "/proc/" + std::to_string(pid) + "/cmdline";
  while (read_first_line(file).starts_with("bulkhead-w0: scan")) {  // It is about to rest.
    std::this_thread::yield();
  }
  EXPECT_EQ(std::string(read_first_line(file).c_str()), "bulkhead-w0");
}

TEST_P(PoolProcess, TheEnvironmentIsSetBeforeTheInitializer) {
  auto prepared = options();
  prepared.env = {"BULKHEAD_TEST_WORD=blue=green", "BULKHEAD_TEST_EMPTY="};
  prepared.initializer = [] {
    this_worker::emplace_state<std::string>(std::getenv("BULKHEAD_TEST_WORD"));
  };
  ProcessPoolExecutor executor(prepared);
  EXPECT_EQ(executor.submit([] { return this_worker::state<std::string>(); }).get(), "blue=green");
  EXPECT_EQ(executor.submit([] { return std::string(std::getenv("BULKHEAD_TEST_EMPTY")); }).get(),
            "");
  EXPECT_EQ(std::getenv("BULKHEAD_TEST_WORD"), nullptr);
}

TEST_P(PoolProcess, WorkersRunInTheirWorkingDirectory) {
  auto elsewhere = options();
  elsewhere.working_directory = "/proc";
  ProcessPoolExecutor executor(elsewhere);
  EXPECT_EQ(executor.submit([] { return std::filesystem::current_path().string(); }).get(),
            "/proc");
}

TEST_P(PoolProcess, AWorkingDirectoryThatIsNotThereBreaksThePool) {
  auto nowhere = options();
  nowhere.working_directory = "/nowhere";
  ProcessPoolExecutor executor(nowhere);
  const auto outcome = executor.submit(victims::process_id).outcome();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_NE(outcome.error().message().find(
                "enter the working directory /nowhere: No such file or directory"),
            std::string::npos)
      << outcome.error().message();
}

TEST_P(PoolProcess, WorkersAreAsNiceAsTheyAreAskedToBe) {
  auto polite = options();
  polite.nice = 5;
  ProcessPoolExecutor executor(polite);
  const int before = ::getpriority(PRIO_PROCESS, 0);
  EXPECT_EQ(executor.submit([] { return ::getpriority(PRIO_PROCESS, 0); }).get(),
            std::min(before + 5, 19));
  EXPECT_EQ(::getpriority(PRIO_PROCESS, 0), before);
}

std::vector<int> allowed_cpus() {
  cpu_set_t allowed;
  ::sched_getaffinity(0, sizeof allowed, &allowed);
  std::vector<int> cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(static_cast<std::size_t>(cpu), &allowed)) {
      cpus.push_back(cpu);
    }
  }
  return cpus;
}

TEST_P(PoolProcessEverywhere, PinnedWorkersHaveOneCpuEachInTurn) {
  const Gate gate;
  auto pinned = options();
  pinned.pin = true;
  ProcessPoolExecutor executor(pinned);
  const auto cpus = allowed_cpus();
  using Seen = std::pair<unsigned, std::vector<int>>;
  std::vector<Future<Seen>> futures;
  for (unsigned i = 0; i < GetParam().max_workers; ++i) {
    futures.push_back(executor.submit(
        [](const std::string& name) {
          Gate::pass(name);
          return Seen(this_worker::index(), allowed_cpus());
        },
        gate.name()));
  }
  gate.open();
  for (const auto& future : futures) {
    const auto [index, own] = future.get();
    EXPECT_EQ(own, std::vector{cpus[index % cpus.size()]});
  }
}

/// The soft and the hard limit of this process.
std::pair<std::uint64_t, std::uint64_t> limits_of_files(int /*ignored*/) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return {limit.rlim_cur, limit.rlim_max};
}

TEST_P(PoolProcess, WorkersHaveTheLimitsThatTheyAreAskedToHave) {
  auto limited = options();
  limited.limits = {{RLIMIT_NOFILE, 40}, {RLIMIT_CORE, 0}};
  const auto before = limits_of_files(0);
  ProcessPoolExecutor executor(limited);
  EXPECT_EQ(executor.submit(limits_of_files, 0).get(),
            std::pair(std::uint64_t{40}, std::uint64_t{40}));
  EXPECT_EQ(limits_of_files(0), before);
}

TEST_P(PoolProcess, ALimitThatTheSystemRefusesBreaksThePoolInItsWords) {
  auto limited = options();
  limited.limits = {{.resource = 1000, .value = 1}};
  ProcessPoolExecutor executor(limited);
  const auto outcome = executor.submit(victims::process_id).outcome();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_NE(outcome.error().message().find("set resource limit 1000 to 1: Invalid argument"),
            std::string::npos)
      << outcome.error().message();
}

/// Writes as many bytes into a file that nobody else sees.
void write_file(std::size_t bytes) {
  const int file = ::memfd_create("much", MFD_CLOEXEC);
  while (bytes > 0) {
    bytes -= static_cast<std::size_t>(::write(file, "x", 1));
  }
  ::close(file);
}

TEST_P(PoolProcess, ATaskThatPassesALimitFailsAlone) {
  auto limited = options();
  limited.limits = {{RLIMIT_FSIZE, 1000}};
  ProcessPoolExecutor executor(limited);
  const auto outcome = executor.submit(write_file, std::size_t{1001}).outcome();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().signal, SIGXFSZ);
  EXPECT_NO_THROW(executor.submit(write_file, std::size_t{1000}).get());
}

TEST(PoolOptionsTest, AVariableWithoutANameIsRefused) {
  EXPECT_THROW(ProcessPoolExecutor({.max_workers = 1, .env = {"WORD"}}), std::invalid_argument);
  EXPECT_THROW(ProcessPoolExecutor({.max_workers = 1, .env = {"=word"}}), std::invalid_argument);
}

// ---- memory

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

/// Leaks memory and touches it.
int leak(std::size_t bytes) {
  static std::vector<std::unique_ptr<std::string>> leaked;
  leaked.push_back(std::make_unique<std::string>(bytes, 'x'));
  return ::getpid();
}

constexpr std::size_t kMebi = std::size_t{1} << 20U;

TEST_P(PoolProcessEverywhere, AWorkerThatGrowsIsReplacedAndNoTaskIsLost) {
  auto watched = options();
  watched.soft_memory = 30 * kMebi;
  ProcessPoolExecutor executor(watched);
  std::set<int> pids;
  std::size_t done = 0;
  // As many as it takes: how often a worker looks at its memory is a matter of time.
  while (pids.size() < GetParam().max_workers + 2) {
    const std::vector<std::size_t> sizes(100, 3 * kMebi);
    for (const int pid : executor.map(leak, sizes)) {
      pids.insert(pid);
      ++done;
    }
  }
  EXPECT_EQ(done % 100, 0U);
  executor.shutdown();
  EXPECT_GE(executor.stats().over_memory, 2U);
  EXPECT_EQ(executor.stats().crashed, 0U);
}

TEST_P(PoolProcessEverywhere, ATaskThatTakesTooMuchMemoryFailsAloneAndSaysSo) {
  auto limited = options();
  limited.hard_memory = 64 * kMebi;
  ProcessPoolExecutor executor(limited);
  std::vector<Future<std::size_t>> good;
  const auto allocate = [](std::size_t bytes) { return std::string(bytes, 'x').size(); };
  for (int i = 0; i < 20; ++i) {
    good.push_back(executor.submit(allocate, kMebi));
  }
  const auto greedy = executor.submit(allocate, 100 * kMebi);
  for (int i = 0; i < 20; ++i) {
    good.push_back(executor.submit(allocate, kMebi));
  }
  EXPECT_THROW(greedy.get(), std::bad_alloc);
  EXPECT_EQ(greedy.outcome().error().message(),
            "std::bad_alloc: std::bad_alloc: more than the hard_memory of 67108864 bytes");
  for (const auto& future : good) {
    EXPECT_EQ(future.get(), kMebi);
  }
}

int leak_in_small_pieces_for_ever() {
  for (;;) {
    leak(10'000);
  }
}

TEST_P(PoolProcess, ATaskThatFillsTheMemoryBitByBitFailsAloneAndItsWorkerIsReplaced) {
  auto limited = options();
  limited.max_workers = 1;
  limited.hard_memory = 64 * kMebi;
  ProcessPoolExecutor executor(limited);
  const int first = executor.submit(victims::process_id).get();
  EXPECT_THROW(executor.submit(leak_in_small_pieces_for_ever).get(), std::bad_alloc);
  EXPECT_NE(executor.submit(leak, 20 * kMebi).get(), first);
  EXPECT_EQ(executor.stats().over_memory, 1U);
}

#endif

}  // namespace
}  // namespace bulkhead
