// What the fork server makes of requests: workers, and reports about them.

#include "os/fork_server.h"

#include <sys/wait.h>

#include <ctime>
#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "os/doorbell.h"
#include "os/test_fork_server.h"

namespace bulkhead::os {
namespace {

using test::await_report;
using test::Death;
using test::say;
using test::start_worker;
using test::Wire;
using Kind = WorkerReport::Kind;

ForkServer serve_with(WorkerMain worker_main) {
  auto server = ForkServer::fork(worker_main);
  EXPECT_TRUE(server.has_value());
  return std::move(*server);
}

TEST(ForkServerTest, WorkerIsReportedAtItsStartAndAtItsEnd) {
  auto server = serve_with([](WorkerStart) { ::_exit(7); });
  const Wire wire;
  ASSERT_TRUE(start_worker(server, 31, wire));
  const auto started = await_report(server);
  EXPECT_EQ(started.kind, Kind::Started);
  EXPECT_EQ(started.worker, 31U);
  EXPECT_GT(started.pid, 0);
  const auto ended = await_report(server);
  EXPECT_EQ(ended.kind, Kind::Exited);
  EXPECT_EQ(ended.worker, 31U);
  EXPECT_EQ(ended.pid, started.pid);
  EXPECT_EQ(ended.status, 7);
}

TEST(ForkServerTest, WorkerThatReturnsExitsWithZero) {
  auto server = serve_with([](WorkerStart) {});
  const Wire wire;
  ASSERT_TRUE(start_worker(server, 1, wire));
  await_report(server);
  const auto ended = await_report(server);
  EXPECT_EQ(ended.kind, Kind::Exited);
  EXPECT_EQ(ended.status, 0);
}

TEST(ForkServerTest, SignalThatKilledAWorkerIsReported) {
  auto server = serve_with([](WorkerStart) { ::raise(SIGSEGV); });
  const Wire wire;
  ASSERT_TRUE(start_worker(server, 1, wire));
  await_report(server);
  const auto ended = await_report(server);
  EXPECT_EQ(ended.kind, Kind::Killed);
  EXPECT_EQ(ended.status, SIGSEGV);
}

TEST(ForkServerTest, CpuTimeIsReportedAtTheEnd) {
  auto server = serve_with([](WorkerStart) {
    while (std::clock() < CLOCKS_PER_SEC / 50) {
    }
  });
  const Wire wire;
  ASSERT_TRUE(start_worker(server, 1, wire));
  await_report(server);
  EXPECT_GE(await_report(server).cpu_time, std::chrono::milliseconds(10));
}

TEST(ForkServerTest, KilledWorkerIsReportedAsKilled) {
  auto server = serve_with(test::wait_for_ever);
  Wire wire;
  ASSERT_TRUE(start_worker(server, 5, wire));
  await_report(server);
  wire.line();
  ASSERT_TRUE(server.kill_worker(5));
  const auto ended = await_report(server);
  EXPECT_EQ(ended.kind, Kind::Killed);
  EXPECT_EQ(ended.worker, 5U);
  EXPECT_EQ(ended.status, SIGKILL);
  EXPECT_GT(ended.max_rss_bytes, 0U);
}

TEST(ForkServerTest, StoppedWorkerCanBeKilled) {
  auto server = serve_with([](WorkerStart) { ::raise(SIGSTOP); });
  const Wire wire;
  ASSERT_TRUE(start_worker(server, 5, wire));
  await_report(server);
  ASSERT_TRUE(server.kill_worker(5));
  EXPECT_EQ(await_report(server).kind, Kind::Killed);
}

TEST(ForkServerTest, OnlyTheWorkerThatIsMeantIsKilled) {
  auto server = serve_with(test::wait_for_ever);
  Wire wire;
  ASSERT_TRUE(start_worker(server, 1, wire));
  ASSERT_TRUE(start_worker(server, 2, wire));
  const Death first(await_report(server).pid);
  const Death second(await_report(server).pid);
  ASSERT_TRUE(server.kill_worker(1));
  EXPECT_EQ(await_report(server).worker, 1U);
  EXPECT_TRUE(first.has_come());
  EXPECT_FALSE(second.has_come());
}

TEST(ForkServerTest, KillOfAWorkerThatIsNotThereDoesNothing) {
  auto server = serve_with([](WorkerStart) {});
  ASSERT_TRUE(server.kill_worker(77));
  const Wire wire;
  ASSERT_TRUE(start_worker(server, 1, wire));
  EXPECT_EQ(await_report(server).kind, Kind::Started);
}

TEST(ForkServerTest, WorkerHasOnlyItsOwnDescriptors) {
  const UniqueFd of_the_program(::open("/dev/null", O_RDONLY));  // Not even close-on-exec.
  auto server = serve_with([](WorkerStart start) {
    std::set<int> open;
    for (int fd = 0; fd < 1024; ++fd) {
      if (::fcntl(fd, F_GETFD) >= 0) {
        open.insert(fd);
      }
    }
    const std::set<int> expected{0,
                                 1,
                                 2,
                                 start.request_memory.get(),
                                 start.reply_memory.get(),
                                 start.doorbell.get(),
                                 start.handover.get()};
    say(start, open == expected ? "only its own" : std::to_string(open.size()) + " descriptors");
  });
  Wire wire;
  ASSERT_TRUE(start_worker(server, 1, wire));
  EXPECT_EQ(wire.line(), "only its own");
}

TEST(ForkServerTest, ServerHoldsNoDescriptorOfTheProgram) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), 0), 0);
  const UniqueFd reader(ends[0]);
  UniqueFd writer(ends[1]);
  auto server = serve_with(test::wait_for_ever);
  Wire wire;
  ASSERT_TRUE(start_worker(server, 1, wire));
  wire.line();
  writer.reset();
  char byte = 0;
  ASSERT_TRUE(test::await_readable(reader.get()));
  EXPECT_EQ(::read(reader.get(), &byte, 1), 0);  // The end: no writer is left.
}

TEST(ForkServerTest, WorkerReadsNothingFromItsStandardInput) {
  auto server = serve_with([](WorkerStart start) {
    char byte = 0;
    say(start, std::filesystem::read_symlink("/proc/self/fd/0").string() + " " +
                   std::to_string(::read(STDIN_FILENO, &byte, 1)));
  });
  Wire wire;
  ASSERT_TRUE(start_worker(server, 1, wire));
  EXPECT_EQ(wire.line(), "/dev/null 0");
}

TEST(ForkServerTest, WorkerAndServerHaveProcessGroupsOfTheirOwn) {
  auto server = serve_with([](WorkerStart start) {
    say(start, std::to_string(::getpgrp() - ::getpid()));
    say(start, std::to_string(::getpgid(::getppid()) - ::getppid()));
  });
  Wire wire;
  ASSERT_TRUE(start_worker(server, 1, wire));
  EXPECT_EQ(wire.number(), 0);
  EXPECT_EQ(wire.number(), 0);
}

TEST(ForkServerTest, WorkerTakesSignalsAsANewProcessDoes) {
  // Whatever the program did with its own.
  const auto before = ::signal(SIGTERM, SIG_IGN);
  sigset_t blocked;
  sigset_t mask_before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGUSR1);
  ::sigprocmask(SIG_BLOCK, &blocked, &mask_before);
  auto server = serve_with([](WorkerStart start) {
    sigset_t mask;
    ::sigprocmask(SIG_SETMASK, nullptr, &mask);
    int strange = 0;
    for (int number = 1; number < NSIG; ++number) {
      struct sigaction action {};
      ::sigaction(number, nullptr, &action);
      strange += ::sigismember(&mask, number) == 1 ? 1 : 0;
      strange += action.sa_handler != SIG_DFL ? 1 : 0;
    }
    say(start, std::to_string(strange));
  });
  ::signal(SIGTERM, before);
  ::sigprocmask(SIG_SETMASK, &mask_before, nullptr);
  Wire wire;
  ASSERT_TRUE(start_worker(server, 1, wire));
  EXPECT_EQ(wire.number(), 0);
}

TEST(ForkServerTest, ManyWorkersThatNobodyListensToDoNotStopTheServer) {
  constexpr std::uint64_t kWorkers = 600;
  auto server = serve_with([](WorkerStart) {});
  const Wire wire;
  for (std::uint64_t worker = 0; worker < kWorkers; ++worker) {
    ASSERT_TRUE(start_worker(server, worker, wire));
  }
  std::uint64_t ended = 0;
  while (ended < kWorkers) {
    const auto report = await_report(server);
    ASSERT_NE(report.kind, Kind::NotStarted);
    ended += report.kind == Kind::Exited ? 1 : 0;
  }
}

TEST(ForkServerTest, ManyServersLeakNoDescriptor) {
  const auto open_descriptors = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                         std::filesystem::directory_iterator());
  };
  const auto before = open_descriptors();
  for (int i = 0; i < 200; ++i) {
    auto server = serve_with([](WorkerStart) {});
    const Wire wire;
    ASSERT_TRUE(start_worker(server, 1, wire));
  }
  EXPECT_EQ(open_descriptors(), before);
}

/// Runs in a process of its own; true: it says so.
bool in_a_child(bool (*run)()) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(run() ? 0 : 1);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  return status == 0;
}

// A service that closed its standard streams: new descriptors then get their numbers.
TEST(ForkServerTest, ProgramWithoutStandardStreamsCanStartWorkers) {
  EXPECT_TRUE(in_a_child([] {
    Wire wire;
    ::close(STDIN_FILENO);
    ::close(STDOUT_FILENO);
    ::close(STDERR_FILENO);
    auto server = ForkServer::fork([](WorkerStart start) {
      const bool are_clear = start.request_memory.get() > STDERR_FILENO &&
                             start.reply_memory.get() > STDERR_FILENO &&
                             start.doorbell.get() > STDERR_FILENO;
      say(start, are_clear ? "clear" : "taken");
    });
    const auto bell = Doorbell::create();
    return server && server->fd() > STDERR_FILENO && bell && bell->fd() > STDERR_FILENO &&
           start_worker(*server, 1, wire) && wire.line() == "clear" &&
           await_report(*server).kind == Kind::Started &&
           await_report(*server).kind == Kind::Exited;
  }));
}

}  // namespace
}  // namespace bulkhead::os
