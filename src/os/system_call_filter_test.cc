#include "os/system_call_filter.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include <gtest/gtest.h>

#include "os/privileges.h"
#include "os/test_child.h"

namespace bulkhead::os {
namespace {

using test::ending_of;
using test::error_of;
using test::result_of;

class SystemCallFilterTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!SystemCallFilter::is_supported()) {
      GTEST_SKIP() << "this kernel has no filters of system calls";
    }
  }

  /// An action under the filter.
  template <class Action>
  static auto under(const SystemCallFilter& filter, Action action) {
    return [&filter, action] {
      return forbid_new_privileges() && filter.install() ? action() : test::kNotReady;
    };
  }

  SystemCallFilter filter{CallAnswer::allow()};
};

TEST_F(SystemCallFilterTest, RefusesWithTheErrnoThatWasGiven) {
  filter.answer(SYS_getppid, CallAnswer::refuse(EDOM));
  EXPECT_EQ(result_of(under(filter, [] { return error_of(::syscall(SYS_getppid)); })), EDOM);
}

TEST_F(SystemCallFilterTest, LeavesAllOthersAlone) {
  filter.answer(SYS_getppid, CallAnswer::refuse(EDOM));
  EXPECT_EQ(result_of(under(filter, [] { return error_of(::syscall(SYS_getuid)); })), 0);
}

TEST_F(SystemCallFilterTest, TrapsWithSigsys) {
  filter.answer(SYS_getppid, CallAnswer::trap());
  const int status = ending_of(under(filter, [] { return error_of(::syscall(SYS_getppid)); }));
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGSYS);
}

TEST_F(SystemCallFilterTest, OfTwoAnswersTheFirstCounts) {
  filter.answer(SYS_getppid, CallAnswer::refuse(EDOM));
  filter.answer(SYS_getppid, CallAnswer::refuse(EPERM));
  EXPECT_EQ(result_of(under(filter, [] { return error_of(::syscall(SYS_getppid)); })), EDOM);
}

TEST_F(SystemCallFilterTest, AnswersByTheMaskedBitsOfAnArgument) {
  filter.answer_if(SYS_getppid, {.argument = 1, .mask = 0xF0, .values = {0x10, 0x30}},
                   CallAnswer::refuse(EDOM), CallAnswer::refuse(ERANGE));
  const auto errno_for = [&](long argument) {
    return result_of(
        under(filter, [argument] { return error_of(::syscall(SYS_getppid, 0, argument)); }));
  };
  EXPECT_EQ(errno_for(0x10), EDOM);
  EXPECT_EQ(errno_for(0x31), EDOM);
  EXPECT_EQ(errno_for(0x20), ERANGE);
  EXPECT_EQ(errno_for(0x70), ERANGE);
  EXPECT_EQ(result_of(under(filter, [] { return error_of(::syscall(SYS_getuid)); })), 0);
}

#if defined(__x86_64__)
TEST_F(SystemCallFilterTest, KillsAProgramForAnotherMachine) {
  const int status = ending_of(under(filter, [] {
    long result = 20;  // getpid of the 32-bit machine
    asm volatile("int $0x80" : "+a"(result) : : "memory");
    return 0;
  }));
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGSYS);
}

TEST_F(SystemCallFilterTest, KillsACallOfX32) {
  constexpr long kX32 = 0x40000000;
  const int status =
      ending_of(under(filter, [] { return error_of(::syscall(kX32 | SYS_getpid)); }));
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGSYS);
}
#endif

}  // namespace
}  // namespace bulkhead::os
