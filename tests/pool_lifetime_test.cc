#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <barrier>
#include <filesystem>
#include <fstream>
#include <ranges>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include <bulkhead/bulkhead.h>

#include "process_end.h"
#include "process_state.h"
#include "victims.h"

namespace bulkhead {
namespace {

using namespace std::chrono_literals;

std::size_t open_descriptors() {
  return static_cast<std::size_t>(std::distance(
      std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator()));
}

bool has_children() {
  return ::waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD;
}

TEST(PoolLifetime, LeavesNoProcessAndNoDescriptor) {
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 30; ++i) {
    ProcessPoolExecutor executor(2);
    EXPECT_EQ(executor.submit(victims::square, i).get(), i * i);
  }
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_FALSE(has_children());
}

TEST(PoolLifetime, OnePoolAfterTheOtherMayBeForked) {
  for (int i = 0; i < 100; ++i) {
    const ProcessPoolExecutor first({.max_workers = 1, .start_method = StartMethod::Fork});
    const ProcessPoolExecutor second({.max_workers = 1, .start_method = StartMethod::Fork});
  }
}

TEST(PoolLifetime, AWorkerThatDoesNotLeaveIsKilledAtShutdown) {
  const std::string file = ::testing::TempDir() + "stop-" + std::to_string(::getpid());
  ProcessPoolExecutor executor(1);
  const int worker = executor.submit(victims::be_stopped_later, file).get();
  std::ofstream(file) << 'x' << std::flush;
  while (state_of(worker) != 'T') {
    std::this_thread::yield();
  }
  executor.shutdown();
  EXPECT_FALSE(has_children());
  std::remove(file.c_str());
}

TEST(PoolLifetime, APoolThatWasNeverUsedEnds) {
  { const ProcessPoolExecutor executor(3); }
  EXPECT_FALSE(has_children());
}

TEST(PoolLifetime, TheDestructorWaitsForWhatWasSubmitted) {
  std::vector<Future<int>> futures;
  {
    ProcessPoolExecutor executor(2);
    for (int i = 0; i < 500; ++i) {
      futures.push_back(executor.submit(victims::square, i));
    }
  }
  for (int i = 0; i < 500; ++i) {
    EXPECT_TRUE(futures[static_cast<std::size_t>(i)].done());
    EXPECT_EQ(futures[static_cast<std::size_t>(i)].get(), i * i);
  }
}

TEST(PoolLifetime, AMapMayOutliveItsPool) {
  auto executor = std::make_unique<ProcessPoolExecutor>(2);
  const std::vector<int> inputs{1, 2, 3};
  auto results = executor->map(victims::square, inputs);
  executor.reset();
  EXPECT_EQ(results.collect(), (std::vector{1, 4, 9}));
}

TEST(PoolLifetime, AMapWhosePoolIsShutDownGivesWhatWasHandedInThenTellsWhy) {
  ProcessPoolExecutor executor(2);
  auto results = executor.map(victims::square, std::views::iota(0));
  executor.shutdown();
  int delivered = 0;
  EXPECT_THROW(
      {
        for (const int result : results) {
          EXPECT_EQ(result, delivered * delivered);
          ++delivered;
        }
      },
      ShutdownError);
  EXPECT_GT(delivered, 0);
}

TEST(PoolLifetime, ResultsThatNobodyWantsHoldNothingUp) {
  ProcessPoolExecutor executor(2);
  (void)executor.submit(victims::square, 1);
  { auto unread = executor.map(victims::square, std::views::iota(0)); }
  EXPECT_EQ(executor.submit(victims::square, 2).get(), 4);
}

TEST(PoolLifetime, WorkersAreStartedOnDemandAndReused) {
  ProcessPoolExecutor executor(8);
  std::set<int> pids;
  for (int i = 0; i < 20; ++i) {
    pids.insert(executor.submit(victims::process_id).get());
  }
  EXPECT_EQ(pids.size(), 1U);
  EXPECT_EQ(executor.stats().workers.size(), 1U);
}

TEST(PoolLifetime, ManyThreadsMayShareOnePool) {
  ProcessPoolExecutor executor(3);
  std::vector<std::jthread> threads;
  std::atomic<int> right = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&executor, &right, t] {
      for (int i = 0; i < 200; ++i) {
        right += executor.submit(victims::square, t * i).get() == t * i * t * i ? 1 : 0;
      }
      auto results = executor.map(victims::square, std::views::iota(0, 200));
      right += static_cast<int>(results.collect().size());
    });
  }
  threads.clear();
  EXPECT_EQ(right, 8 * 400);
}

TEST(PoolLifetime, TwoPoolsLiveSideBySide) {
  ProcessPoolExecutor first(2);
  ProcessPoolExecutor second(2);
  auto a = first.map(victims::square, std::views::iota(0, 300));
  auto b = second.map(victims::square, std::views::iota(0, 300));
  int count = 0;
  for (const auto& [x, y] : zip(a, b)) {
    EXPECT_EQ(x, y);
    ++count;
  }
  EXPECT_EQ(count, 300);
}

TEST(PoolLifetime, ForkingAProgramWithThreadsIsRefused) {
  std::barrier both(2);
  const std::jthread other([&both] { both.arrive_and_wait(); });
  EXPECT_THROW(ProcessPoolExecutor({.max_workers = 1, .start_method = StartMethod::Fork}),
               UnsafeFork);
  // Automatic finds the way that is safe.
  ProcessPoolExecutor executor(1);
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
  both.arrive_and_wait();
}

TEST(PoolLifetime, AForkedWorkerSeesTheProgramsGlobalsAndASpawnedOneDoesNot) {
  static int global = 1;
  global = 2;
  const auto read_global = [] { return global; };
  ProcessPoolExecutor forked({.max_workers = 1, .start_method = StartMethod::Fork});
  ProcessPoolExecutor spawned({.max_workers = 1, .start_method = StartMethod::Spawn});
  EXPECT_EQ(forked.submit(read_global).get(), 2);
  EXPECT_EQ(spawned.submit(read_global).get(), 1);
}

TEST(PoolLifetime, AWorkerHasNothingOpenThatItDoesNotNeed) {
  const auto open_in_worker = [] {
    std::set<std::string> open;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      open.insert(std::filesystem::read_symlink(entry, gone).string());
    }
    return std::vector<std::string>(open.begin(), open.end());
  };
  std::ofstream secret(::testing::TempDir() + "secret-of-the-program");
  for (const auto method : {StartMethod::Fork, StartMethod::Spawn}) {
    ProcessPoolExecutor executor({.max_workers = 1, .start_method = method});
    int sockets = 0;
    for (const auto& target : executor.submit(open_in_worker).get()) {
      EXPECT_EQ(target.find("secret"), std::string::npos);
      sockets += target.starts_with("socket") ? 1 : 0;
    }
    EXPECT_EQ(sockets, 1);  // Its own, for shared values; not that of the fork server.
  }
}

/// A program with a pool of its own, for being killed. Writes the numbers of its server and of its
/// worker to the pipe, then waits for ever.
[[noreturn]] void run_doomed_program(int pipe_end, StartMethod method) {
  ProcessPoolExecutor executor({.max_workers = 2, .start_method = method});
  const std::array<int, 2> pids{executor.submit([] { return static_cast<int>(::getppid()); }).get(),
                                executor.submit(victims::process_id).get()};
  const auto busy = executor.submit(victims::ignore_signals_and_sleep);
  [[maybe_unused]] const auto written = ::write(pipe_end, pids.data(), sizeof pids);
  victims::sleep_forever();
  ::_exit(0);
}

TEST(PoolLifetime, NoProcessOutlivesAProgramThatIsKilled) {
  for (const auto method : {StartMethod::Fork, StartMethod::Spawn}) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const pid_t program = ::fork();
    if (program == 0) {
      run_doomed_program(pipe[1], method);
    }
    std::array<int, 2> pids{};
    ASSERT_EQ(::read(pipe[0], pids.data(), sizeof pids), static_cast<ssize_t>(sizeof pids));
    const int server = static_cast<int>(::syscall(SYS_pidfd_open, pids[0], 0));
    const int worker = static_cast<int>(::syscall(SYS_pidfd_open, pids[1], 0));
    ::kill(program, SIGKILL);
    ::waitpid(program, nullptr, 0);
    EXPECT_TRUE(ends_behind(server));
    EXPECT_TRUE(ends_behind(worker));
    for (const int fd : {pipe[0], pipe[1], server, worker}) {
      ::close(fd);
    }
  }
}

}  // namespace
}  // namespace bulkhead
