#include "os/crash_handler.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace bulkhead::os {
namespace {

/// Memory that a child can write to.
class SharedRecord {
 public:
  SharedRecord()
      : record_(new (::mmap(nullptr, sizeof(CrashRecord), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0)) CrashRecord) {}
  ~SharedRecord() { ::munmap(record_, sizeof(CrashRecord)); }
  SharedRecord(const SharedRecord&) = delete;
  SharedRecord& operator=(const SharedRecord&) = delete;
  CrashRecord& get() const { return *record_; }

 private:
  CrashRecord* record_;
};

struct Death {
  int signal = 0;
  CrashRecord record;
};

/// What is written down by a process that dies in `die`.
Death death_of(void (*die)()) {
  const SharedRecord shared;
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::close(STDERR_FILENO);
    record_crash_in(shared.get());
    die();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return {WIFSIGNALED(status) ? WTERMSIG(status) : 0, shared.get()};
}

[[gnu::no_sanitize("undefined")]] void read_far_away() {
  const volatile int* const nowhere = reinterpret_cast<int*>(0x1234560);  // NOLINT
  [[maybe_unused]] const int value = *nowhere;
}

TEST(CrashHandlerTest, AFaultIsWrittenDownWithItsAddressAndItsStack) {
  const Death death = death_of(read_far_away);
  EXPECT_EQ(death.signal, SIGSEGV);
  EXPECT_EQ(death.record.signal, SIGSEGV);
  EXPECT_EQ(death.record.address, 0x1234560U);
  EXPECT_GT(death.record.places, 2U);
}

TEST(CrashHandlerTest, ASignalThatSomebodySentKeepsItsEffect) {
  for (const int number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS, SIGTRAP}) {
    static int sent = 0;
    sent = number;
    const Death death = death_of([] { ::raise(sent); });
    EXPECT_EQ(death.signal, number);
    EXPECT_EQ(death.record.signal, number);
  }
}

int overflow(int depth) {
  volatile char frame[4096];
  frame[0] = static_cast<char>(depth);
  return depth == 1'000'000'000 ? 0 : overflow(depth + 1) + frame[0];
}

TEST(CrashHandlerTest, AnOverflowOfTheStackIsWrittenDownOnAnother) {
  const Death death = death_of([] { overflow(0); });
  EXPECT_EQ(death.signal, SIGSEGV);
  EXPECT_EQ(death.record.signal, SIGSEGV);
  EXPECT_EQ(death.record.places, death.record.stack.size());
}

void fail(const std::string& why) {
  throw std::runtime_error(why);
}

TEST(CrashHandlerTest, TerminateTellsTheExceptionThatNobodyCaught) {
  const Death death = death_of([]() noexcept { fail("nobody cares"); });
  EXPECT_EQ(death.signal, SIGABRT);
  EXPECT_EQ(std::string_view(death.record.reason.data(), death.record.reason_bytes),
            "std::runtime_error: nobody cares");
}

TEST(CrashHandlerTest, AReasonThatIsTooLongIsCut) {
  const Death death = death_of([]() noexcept { fail(std::string(10'000, 'x')); });
  EXPECT_EQ(death.record.reason_bytes, death.record.reason.size());
}

TEST(CrashHandlerTest, TerminateWithoutAnExceptionSaysSo) {
  const Death death = death_of([] { std::terminate(); });
  EXPECT_EQ(std::string_view(death.record.reason.data(), death.record.reason_bytes),
            "no exception");
}

TEST(CrashHandlerTest, AStackThatCannotBeReadDoesNotChangeTheSignal) {
  // The frame pointer and the return addresses are gone, so that the unwinder itself may fault.
  const Death death = death_of([] {
    auto* const frame = static_cast<volatile std::uintptr_t*>(__builtin_frame_address(0));
    for (int word = 0; word < 64; ++word) {
      frame[word] = 0x4141414141414141;
    }
    std::abort();
  });
  EXPECT_TRUE(death.signal == SIGABRT || death.signal == SIGSEGV) << death.signal;
  EXPECT_EQ(death.record.signal, death.signal);
}

}  // namespace
}  // namespace bulkhead::os
