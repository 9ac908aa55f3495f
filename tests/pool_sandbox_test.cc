// What a worker that was taken over by its input can still do, under each profile.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "pool_test.h"
#include "without_landlock.h"

namespace bulkhead {
namespace {

// ---- attacks: each gives the errno of its first step that failed; 0: it succeeded

int error_of(long result) {
  return result < 0 ? errno : 0;
}

int read_a_file(const std::string& path) {
  return error_of(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}
int write_a_file(const std::string& path) {
  return error_of(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}
int remove_a_file(const std::string& path) {
  return error_of(::unlink(path.c_str()));
}
int open_a_socket(int family) {
  return error_of(::socket(family, SOCK_STREAM, 0));
}
int execute_a_program() {
  ::execl("/bin/true", "true", nullptr);
  return errno;
}
int run_a_command() {
  return ::system("true") < 0 ? errno : 0;
}
int start_a_process() {
  return error_of(::fork());
}
int trace() {
  return error_of(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr));
}
int signal_the_parent() {
  return error_of(::kill(::getppid(), 0));
}
int signal_everybody() {
  return error_of(::kill(-1, 0));
}
int run_written_memory() {
  void* const memory =
      ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? errno : 0;
}
int dump_core() {
  rlimit limit{};
  ::getrlimit(RLIMIT_CORE, &limit);
  return limit.rlim_max == 0 && ::prctl(PR_GET_DUMPABLE) != 1 ? EPERM : 0;
}
int use_privileges_of_root() {
  return ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? EPERM : 0;
}

// ---- what honest tasks do

int square(int x) {
  return x * x;
}
std::size_t use_threads_and_memory() {
  std::vector<char> memory;
  std::thread([&memory] { memory.resize(std::size_t{64} << 20U, 'x'); }).join();
  return memory.size();
}
int throw_an_error() {
  throw std::invalid_argument("no photo");
}
int abort_itself() {
  std::abort();
}
int print_a_word() {
  std::puts("a word");
  return std::fflush(stdout) == 0 ? 0 : errno;
}
std::string local_hour() {
  const std::time_t start = 0;
  std::tm parts{};
  ::localtime_r(&start, &parts);
  return std::to_string(parts.tm_hour);
}
std::size_t size_of_shared(const Shared<std::string>& text) {
  return (*text).size();
}

class PoolSandbox : public PoolTest {
 protected:
  void SetUp() override {
    if (!available_isolation(Sandbox::Strict).is_complete()) {
      GTEST_SKIP() << available_isolation(Sandbox::Strict).missing();
    }
    if (!kIsLockable) {
      GTEST_SKIP() << "ThreadSanitizer's own thread would not be locked in";
    }
    PoolTest::SetUp();
    std::filesystem::create_directories(folder_ / "out");
    std::ofstream(file("victim")) << "bytes";
  }
  void TearDown() override {
    if (IsSkipped()) {
      return;
    }
    std::filesystem::remove_all(folder_);
    PoolTest::TearDown();
  }

  static PoolOptions with(Sandbox sandbox) {
    PoolOptions options = PoolTest::options();
    options.sandbox = sandbox;
    return options;
  }
  std::string file(const std::string& name) const { return (folder_ / name).string(); }

  /// How the failure of a trapped attack is told.
  template <class... Arguments>
  static std::string ending(ProcessPoolExecutor& executor, int (*attack)(Arguments...),
                            const Arguments&... arguments) {
    const auto outcome = executor.submit(attack, arguments...).outcome();
    if (outcome) {
      return "survived with errno " + std::to_string(*outcome);
    }
    const std::string message = outcome.error().message();
    const auto worker = message.find(" (worker ");
    const auto behind = message.find(')', worker);
    return worker == std::string::npos ? message
                                       : message.substr(0, worker) + message.substr(behind + 1);
  }

#if defined(__SANITIZE_THREAD__)
  static constexpr bool kIsLockable = false;
#else
  static constexpr bool kIsLockable = true;
#endif

 private:
  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / ("sandbox-" + std::to_string(::getpid()));
};
INSTANTIATE_TEST_SUITE_P(Pools, PoolSandbox, two_pools(), name_of_kind);

// ---- none

TEST_P(PoolSandbox, NoneLeavesATaskWhatItsUserMayDo) {
  ProcessPoolExecutor executor(with(Sandbox::None));
  EXPECT_EQ(executor.submit(write_a_file, file("out/new")).get(), 0);
  EXPECT_EQ(executor.submit(open_a_socket, AF_UNIX).get(), 0);
  EXPECT_EQ(executor.submit(run_a_command).get(), 0);
  EXPECT_EQ(executor.submit(run_written_memory).get(), 0);
}

// ---- both

class PoolLockedIn : public PoolSandbox {
 protected:
  /// The attack ends its worker, under either profile, and the pool goes on.
  static void expect_trapped(int (*attack)(), const std::string& call) {
    for (const Sandbox sandbox : {Sandbox::Default, Sandbox::Strict}) {
      ProcessPoolExecutor executor(with(sandbox));
      EXPECT_EQ(ending(executor, attack), "killed by SIGSYS: the sandbox forbids " + call);
      EXPECT_EQ(executor.submit(square, 3).get(), 9);
    }
  }
  static void expect_both(int (*attack)(), int error) {
    for (const Sandbox sandbox : {Sandbox::Default, Sandbox::Strict}) {
      ProcessPoolExecutor executor(with(sandbox));
      EXPECT_EQ(executor.submit(attack).get(), error);
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Pools, PoolLockedIn, two_pools(), name_of_kind);

TEST_P(PoolLockedIn, ExecutesNoProgram) {
  expect_trapped(execute_a_program, "execve");
}
TEST_P(PoolLockedIn, RunsNoCommand) {
  // The C library blocks all signals around its clone, so that no handler can tell which call it
  // was.
  for (const Sandbox sandbox : {Sandbox::Default, Sandbox::Strict}) {
    ProcessPoolExecutor executor(with(sandbox));
    EXPECT_EQ(ending(executor, run_a_command).find("killed by SIGSYS"), 0U);
  }
}
TEST_P(PoolLockedIn, StartsNoProcess) {
  expect_trapped(start_a_process, "clone");
}
TEST_P(PoolLockedIn, TracesNobody) {
  expect_trapped(trace, "ptrace");
}
TEST_P(PoolLockedIn, SignalsNobody) {
  expect_trapped(signal_the_parent, "kill");
  expect_trapped(signal_everybody, "kill");
}
TEST_P(PoolLockedIn, LeavesNoCoreDump) {
  expect_both(dump_core, EPERM);
}

TEST_P(PoolLockedIn, StillThrowsAbortsAndUsesThreads) {
  for (const Sandbox sandbox : {Sandbox::Default, Sandbox::Strict}) {
    ProcessPoolExecutor executor(with(sandbox));
    EXPECT_THROW((void)executor.submit(throw_an_error).get(), std::invalid_argument);
    EXPECT_EQ(ending(executor, abort_itself), "killed by SIGABRT");
    EXPECT_EQ(executor.submit(use_threads_and_memory).get(), std::size_t{64} << 20U);
  }
}

TEST_P(PoolLockedIn, SeesSharedValues) {
  const Shared<std::string> text(std::string(1'000'000, 'x'));
  for (const Sandbox sandbox : {Sandbox::Default, Sandbox::Strict}) {
    ProcessPoolExecutor executor(with(sandbox));
    EXPECT_EQ(executor.submit(size_of_shared, text).get(), 1'000'000U);
  }
}

TEST_P(PoolLockedIn, KnowsItsTimeZone) {
  for (const Sandbox sandbox : {Sandbox::Default, Sandbox::Strict}) {
    PoolOptions options = with(sandbox);
    options.env = {"TZ=:Asia/Tokyo"};
    ProcessPoolExecutor executor(options);
    EXPECT_EQ(executor.submit(local_hour).get(),
              std::filesystem::exists("/usr/share/zoneinfo/Asia/Tokyo") ? "9" : "0");
  }
}

void leave_a_thread() {
  std::thread([] { ::pause(); }).detach();
}

TEST_P(PoolLockedIn, DoesNotStartBesideAThreadThatWouldBeFree) {
  for (const Sandbox sandbox : {Sandbox::Default, Sandbox::Strict}) {
    PoolOptions options = with(sandbox);
    options.initializer = {leave_a_thread};
    ProcessPoolExecutor executor(options);
    const auto outcome = executor.submit(square, 3).outcome();
    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error().kind, FailureKind::Broken);
    EXPECT_NE(outcome.error().message().find("left a thread behind"), std::string::npos)
        << outcome.error().message();
  }
}

int make_a_pool() {
  const ProcessPoolExecutor executor(1);
  return 0;
}

TEST_P(PoolLockedIn, MakesNoPool) {
  for (const Sandbox sandbox : {Sandbox::Default, Sandbox::Strict}) {
    ProcessPoolExecutor executor(with(sandbox));
    const auto outcome = executor.submit(make_a_pool).outcome();
    ASSERT_FALSE(outcome.has_value());
    EXPECT_NE(outcome.error().message().find("the sandbox of this worker forbids processes"),
              std::string::npos)
        << outcome.error().message();
  }
}

std::size_t take_memory(std::size_t bytes) {
  return std::vector<char>(bytes, 'x').size();
}
int raise_the_memory_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_DATA, &limit);
  limit.rlim_cur = RLIM_INFINITY;
  return ::setrlimit(RLIMIT_DATA, &limit) < 0 || limit.rlim_max != RLIM_INFINITY ? EPERM : 0;
}

TEST_P(PoolLockedIn, KeepsToItsMemory) {
  if (kSanitized) {
    GTEST_SKIP() << "a sanitizer takes memory of its own";
  }
  for (const Sandbox sandbox : {Sandbox::Default, Sandbox::Strict}) {
    PoolOptions options = with(sandbox);
    options.hard_memory = std::uint64_t{64} << 20U;
    ProcessPoolExecutor executor(options);
    EXPECT_THROW((void)executor.submit(take_memory, std::size_t{256} << 20U).get(), std::bad_alloc);
    EXPECT_EQ(executor.submit(raise_the_memory_limit).get(), EPERM);
    EXPECT_EQ(executor.submit(take_memory, std::size_t{16} << 20U).get(), std::size_t{16} << 20U);
  }
}

TEST_P(PoolLockedIn, LeavesWhenItHasGrownTooLarge) {
  for (const Sandbox sandbox : {Sandbox::Default, Sandbox::Strict}) {
    PoolOptions options = with(sandbox);
    options.max_workers = 1;
    options.soft_memory = std::uint64_t{32} << 20U;
    ProcessPoolExecutor executor(options);
    const auto grow = [](int) {
      static std::vector<std::vector<char>> kept;
      kept.emplace_back(std::size_t{64} << 20U, 'x');
      return 0;
    };
    EXPECT_EQ(executor.submit(grow, 1).get(), 0);
    EXPECT_EQ(executor.submit(square, 3).get(), 9);
    executor.shutdown();
    EXPECT_EQ(executor.stats().over_memory, 1U);
  }
}

// ---- default

TEST_P(PoolSandbox, DefaultReadsFilesAndWritesWhereItMayOnly) {
  PoolOptions options = with(Sandbox::Default);
  options.writable = {file("out")};
  ProcessPoolExecutor executor(options);
  EXPECT_EQ(executor.submit(read_a_file, file("victim")).get(), 0);
  EXPECT_EQ(executor.submit(write_a_file, file("victim")).get(), EACCES);
  EXPECT_EQ(executor.submit(remove_a_file, file("victim")).get(), EACCES);
  EXPECT_EQ(executor.submit(write_a_file, file("out/new")).get(), 0);
  EXPECT_EQ(executor.submit(write_a_file, std::string("/dev/null")).get(), 0);
}

TEST_P(PoolSandbox, DefaultRefusesSockets) {
  ProcessPoolExecutor executor(with(Sandbox::Default));
  EXPECT_EQ(executor.submit(open_a_socket, AF_UNIX).get(), EACCES);
  EXPECT_EQ(executor.submit(open_a_socket, AF_INET).get(), EACCES);
}

TEST_P(PoolSandbox, DefaultGainsNoPrivileges) {
  ProcessPoolExecutor executor(with(Sandbox::Default));
  EXPECT_EQ(executor.submit(use_privileges_of_root).get(), EPERM);
}

TEST_P(PoolSandbox, APlaceToWriteThatIsNotThereFailsTheStart) {
  PoolOptions options = with(Sandbox::Default);
  options.writable = {file("nowhere")};
  ProcessPoolExecutor executor(options);
  const auto outcome = executor.submit(square, 3).outcome();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_NE(outcome.error().message().find(file("nowhere")), std::string::npos)
      << outcome.error().message();
}

TEST_P(PoolSandbox, PlacesToWriteAreForTheDefaultOnly) {
  PoolOptions options = with(Sandbox::Strict);
  options.writable = {file("out")};
  EXPECT_THROW(ProcessPoolExecutor executor(options), std::invalid_argument);
}

// ---- strict

TEST_P(PoolSandbox, StrictOpensNothing) {
  ProcessPoolExecutor executor(with(Sandbox::Strict));
  EXPECT_EQ(executor.submit(read_a_file, file("victim")).get(), EACCES);
  EXPECT_EQ(executor.submit(read_a_file, std::string("/proc/self/mem")).get(), EACCES);
  EXPECT_EQ(executor.submit(write_a_file, file("out/new")).get(), EACCES);
  EXPECT_EQ(executor.submit(write_a_file, std::string("/dev/null")).get(), EACCES);
}

TEST_P(PoolSandbox, StrictEndsATaskThatWantsASocket) {
  ProcessPoolExecutor executor(with(Sandbox::Strict));
  EXPECT_EQ(ending(executor, open_a_socket, AF_INET),
            "killed by SIGSYS: the sandbox forbids socket");
}

TEST_P(PoolSandbox, StrictRunsNothingThatWasWritten) {
  ProcessPoolExecutor executor(with(Sandbox::Strict));
  EXPECT_EQ(executor.submit(run_written_memory).get(), EACCES);
}

TEST_P(PoolSandbox, StrictDropsWhatItPrints) {
  // The words would stand in the standard output, which is the test's own here.
  testing::internal::CaptureStdout();
  {
    ProcessPoolExecutor executor(with(Sandbox::Strict));
    EXPECT_EQ(executor.submit(print_a_word).get(), 0);
  }
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

// ---- what is on

TEST_P(PoolSandbox, IsolationSaysWhatIsOn) {
  const ProcessPoolExecutor executor(with(Sandbox::Strict));
  const Isolation isolation = executor.isolation();
  EXPECT_EQ(isolation.sandbox, Sandbox::Strict);
  EXPECT_TRUE(isolation.is_complete());
  EXPECT_EQ(isolation.layers.size(), 5U);
  EXPECT_EQ(ProcessPoolExecutor(with(Sandbox::None)).isolation().layers.size(), 1U);
}

TEST_P(PoolSandbox, WithoutLandlockStrictDoesNotStartAndSaysWhy) {
  EXPECT_TRUE(holds_without_landlock([] {
    try {
      const ProcessPoolExecutor executor(with(Sandbox::Strict));
      return false;
    } catch (const StartError& error) {
      return std::string(error.what()) ==
             "cannot start a process pool: no sandbox strict here: Landlock: this kernel has none, "
             "or it is switched off";
    }
  }));
}

TEST_P(PoolSandbox, WithoutLandlockDefaultStartsAndSaysSo) {
  EXPECT_TRUE(holds_without_landlock([] {
    ProcessPoolExecutor executor(with(Sandbox::Default));
    return !executor.isolation().is_complete() &&
           executor.isolation().missing().starts_with("Landlock: ") &&
           executor.submit(open_a_socket, AF_UNIX).get() == EACCES;
  }));
}

}  // namespace
}  // namespace bulkhead
