#include "os/sandbox_calls.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <thread>

#include <gtest/gtest.h>

#include "os/privileges.h"
#include "os/test_child.h"

namespace bulkhead::os {
namespace {

using test::ending_of;
using test::error_of;
using test::result_of;

using MakeFilter = SystemCallFilter (*)();

/// An attack gives the errno of its first call; 0: it succeeded.
using Attack = int (*)();

/// A process under one of the filters.
int under(MakeFilter make, Attack attack) {
  return forbid_new_privileges() && make().install() ? attack() : test::kNotReady;
}
bool is_trapped(MakeFilter make, Attack attack) {
  const int status = ending_of([=] { return under(make, attack); });
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
}
int errno_under(MakeFilter make, Attack attack) {
  return result_of([=] { return under(make, attack); });
}

struct SandboxCallsTest : testing::Test {
  void SetUp() override {
    if (!SystemCallFilter::is_supported()) {
      GTEST_SKIP() << "this kernel has no filters of system calls";
    }
  }
};

struct BothFilters : testing::TestWithParam<MakeFilter> {
  void SetUp() override {
    if (!SystemCallFilter::is_supported()) {
      GTEST_SKIP() << "this kernel has no filters of system calls";
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Filters, BothFilters, testing::Values(&file_work_calls, &computing_calls),
                         [](const auto& filter) {
                           return filter.index == 0 ? "Files" : "Computing";
                         });

TEST_P(BothFilters, TrapsAnotherProgram) {
  EXPECT_TRUE(is_trapped(GetParam(), [] { return ::execl("/bin/true", "true", nullptr); }));
}
TEST_P(BothFilters, TrapsAnotherProcess) {
  EXPECT_TRUE(is_trapped(GetParam(), [] { return static_cast<int>(::fork()); }));
}
TEST_P(BothFilters, TrapsTracing) {
  EXPECT_TRUE(is_trapped(GetParam(),
                         [] { return error_of(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); }));
}
TEST_P(BothFilters, TrapsASignalToTheParent) {
  EXPECT_TRUE(is_trapped(GetParam(), [] { return error_of(::kill(::getppid(), 0)); }));
}
TEST_P(BothFilters, TrapsASignalToTheProcessGroup) {
  EXPECT_TRUE(is_trapped(GetParam(), [] { return error_of(::kill(0, SIGWINCH)); }));
}
TEST_P(BothFilters, TrapsAnotherNameSpace) {
  EXPECT_TRUE(is_trapped(GetParam(), [] { return error_of(::unshare(CLONE_NEWUSER)); }));
}
TEST_P(BothFilters, LetsAProcessAbort) {
  const int status =
      ending_of([make = GetParam()] { return under(make, []() -> int { ::abort(); }); });
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGABRT);
}
TEST_P(BothFilters, LetsThreadsRun) {
  EXPECT_EQ(errno_under(GetParam(),
                        [] {
                          int sum = 0;
                          std::thread([&sum] { sum = 7; }).join();
                          return sum;
                        }),
            7);
}
TEST_P(BothFilters, LetsMemoryGrowAndShrink) {
  EXPECT_EQ(errno_under(GetParam(),
                        [] {
                          constexpr std::size_t kBytes = std::size_t{64} << 20U;
                          void* const memory = ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE,
                                                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                          return memory == MAP_FAILED ? errno : error_of(::munmap(memory, kBytes));
                        }),
            0);
}

TEST_F(SandboxCallsTest, FileWorkOpensFilesAndRefusesSockets) {
  EXPECT_EQ(errno_under(file_work_calls, [] { return error_of(::open("/dev/null", O_RDONLY)); }),
            0);
  EXPECT_EQ(
      errno_under(file_work_calls, [] { return error_of(::socket(AF_UNIX, SOCK_STREAM, 0)); }),
      EACCES);
}
TEST_F(SandboxCallsTest, FileWorkMakesNoFileMoreAccessible) {
  EXPECT_EQ(errno_under(file_work_calls, [] { return error_of(::chmod("/dev/null", 0666)); }),
            EPERM);
}
TEST_F(SandboxCallsTest, FileWorkTypesNothingIntoATerminal) {
  EXPECT_EQ(errno_under(file_work_calls, [] { return error_of(::ioctl(0, TIOCSTI, "x")); }), EPERM);
}

TEST_F(SandboxCallsTest, ComputingOpensNothing) {
  EXPECT_EQ(errno_under(computing_calls, [] { return error_of(::open("/dev/null", O_RDONLY)); }),
            EACCES);
}
TEST_F(SandboxCallsTest, ComputingLearnsNothingAboutAFile) {
  EXPECT_EQ(errno_under(computing_calls,
                        [] {
                          struct stat status {};
                          return error_of(::stat("/etc/passwd", &status));
                        }),
            EACCES);
}
TEST_F(SandboxCallsTest, ComputingTrapsSockets) {
  EXPECT_TRUE(
      is_trapped(computing_calls, [] { return error_of(::socket(AF_UNIX, SOCK_STREAM, 0)); }));
}
TEST_F(SandboxCallsTest, ComputingMapsNoExecutableMemory) {
  EXPECT_EQ(errno_under(computing_calls,
                        [] {
                          const auto rights = PROT_READ | PROT_WRITE | PROT_EXEC;
                          void* const memory =
                              ::mmap(nullptr, 4096, rights, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                          return memory == MAP_FAILED ? errno : 0;
                        }),
            EACCES);
}
TEST_F(SandboxCallsTest, ComputingMakesNoMemoryExecutable) {
  EXPECT_EQ(errno_under(computing_calls,
                        [] {
                          void* const memory = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE,
                                                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                          return error_of(::mprotect(memory, 4096, PROT_READ | PROT_EXEC));
                        }),
            EACCES);
}
TEST_F(SandboxCallsTest, ComputingMakesNoFileOfMemory) {
  EXPECT_EQ(errno_under(computing_calls, [] { return error_of(::memfd_create("x", 0)); }), ENOSYS);
}
TEST_F(SandboxCallsTest, ComputingSendsNoSignalsByAnOwnerOfADescriptor) {
  EXPECT_EQ(
      errno_under(computing_calls, [] { return error_of(::fcntl(0, F_SETOWN, ::getppid())); }),
      EACCES);
}
TEST_F(SandboxCallsTest, ComputingChangesNothingOfOtherProcesses) {
  EXPECT_EQ(
      errno_under(
          computing_calls,
          [] { return error_of(::syscall(SYS_prlimit64, ::getppid(), 0, nullptr, nullptr)); }),
      EPERM);
}

TEST(SandboxCallNames, AreThoseOfTheTrappedCalls) {
  EXPECT_EQ(trapped_call_name(SYS_execve), "execve");
  EXPECT_EQ(trapped_call_name(SYS_kill), "kill");
  EXPECT_EQ(trapped_call_name(SYS_socket), "socket");
  EXPECT_EQ(trapped_call_name(SYS_read), "");
}

}  // namespace
}  // namespace bulkhead::os
