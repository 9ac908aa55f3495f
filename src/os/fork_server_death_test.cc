// Whatever dies first, nothing that it started lives on.

#include <sys/wait.h>

#include <atomic>
#include <optional>

#include <gtest/gtest.h>

#include "os/fork_server.h"
#include "os/test_fork_server.h"

namespace bulkhead::os {
namespace {

using test::await_report;
using test::Death;
using test::say;
using test::start_worker;
using test::Wire;

/// A worker with a child process, which tells its number.
void start_a_child(const WorkerStart& start) {
  const pid_t child = ::fork();
  if (child == 0) {
    say(start, std::to_string(::getpid()));
    for (;;) {
      ::pause();
    }
  }
}

void wait_with_a_child(WorkerStart start) {
  start_a_child(start);
  for (;;) {
    ::pause();
  }
}

/// Leaves its child behind once the program has seen it: at the end of the doorbell's pipe.
void leave_a_child(WorkerStart start) {
  start_a_child(start);
  char byte = 0;
  [[maybe_unused]] const auto read = ::read(start.doorbell.get(), &byte, 1);
}

struct ForkServerDeathTest : testing::Test {
  void fork(WorkerMain worker_main) {
    auto forked = ForkServer::fork(worker_main);
    ASSERT_TRUE(forked.has_value());
    server.emplace(std::move(*forked));
  }
  std::optional<ForkServer> server;
  Wire wire;
};

TEST_F(ForkServerDeathTest, EndOfTheProgramsHoldEndsServerAndWorkers) {
  fork(test::wait_for_ever);
  ASSERT_TRUE(start_worker(*server, 1, wire));
  ASSERT_TRUE(start_worker(*server, 2, wire));
  const pid_t server_pid = server->pid();
  const pid_t first_pid = await_report(*server).pid;
  const Death first(first_pid);
  const Death second(await_report(*server).pid);
  server.reset();
  // All of them are reaped when the destructor returns.
  EXPECT_TRUE(first.has_come());
  EXPECT_TRUE(second.has_come());
  EXPECT_EQ(::kill(first_pid, 0), -1);
  EXPECT_EQ(::kill(server_pid, 0), -1);
}

TEST_F(ForkServerDeathTest, WorkersDieWithTheirServer) {
  fork(test::wait_for_ever);
  ASSERT_TRUE(start_worker(*server, 1, wire));
  ASSERT_TRUE(start_worker(*server, 2, wire));
  const Death first(wire.number());
  const Death second(wire.number());
  ASSERT_EQ(::kill(server->pid(), SIGKILL), 0);
  EXPECT_TRUE(first.await());
  EXPECT_TRUE(second.await());
}

/// Burns a little time, the more the larger the number.
void delay(int turns) {
  for (std::atomic<int> turn = 0; turn < turns; ++turn) {
  }
}

TEST_F(ForkServerDeathTest, NoWorkerOutlivesAServerThatIsKilledWhileItStartsThem) {
  constexpr int kKills = 200;
  for (int kill = 0; kill < kKills; ++kill) {
    fork(test::wait_for_ever);
    {
      Wire held_by_workers;
      for (std::uint64_t worker = 1; worker <= 3; ++worker) {
        ASSERT_TRUE(start_worker(*server, worker, held_by_workers));
      }
      delay(kill * 500);
      ASSERT_EQ(::kill(server->pid(), SIGKILL), 0);
      ASSERT_TRUE(held_by_workers.ends()) << "a worker lives on after kill " << kill;
    }
    server.reset();
  }
}

TEST_F(ForkServerDeathTest, DeathOfTheServerIsAnErrorOfTheNextReport) {
  fork(test::wait_for_ever);
  const Death death(server->pid());
  ASSERT_EQ(::kill(server->pid(), SIGKILL), 0);
  ASSERT_TRUE(death.await());
  EXPECT_TRUE(test::await_readable(server->fd()));
  EXPECT_FALSE(server->next_report().has_value());
  EXPECT_FALSE(start_worker(*server, 1, wire).has_value());
}

TEST_F(ForkServerDeathTest, KillTakesTheWholeProcessGroup) {
  fork(wait_with_a_child);
  ASSERT_TRUE(start_worker(*server, 1, wire));
  const Death worker(await_report(*server).pid);
  const Death child(wire.number());
  ASSERT_TRUE(server->kill_worker(1));
  EXPECT_TRUE(worker.await());
  EXPECT_TRUE(child.await());
}

TEST_F(ForkServerDeathTest, ChildThatAWorkerLeavesBehindIsKilled) {
  fork(leave_a_child);
  const UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const UniqueFd go_read(ends[0]);
  UniqueFd go_write(ends[1]);
  ASSERT_TRUE(server->start_worker({1, null.get(), wire.write_end(), go_read.get(), null.get()}));
  const Death child(wire.number());
  go_write.reset();
  EXPECT_TRUE(child.await());
}

TEST_F(ForkServerDeathTest, EndOfTheProgramsHoldKillsTheChildrenOfWorkers) {
  fork(wait_with_a_child);
  ASSERT_TRUE(start_worker(*server, 1, wire));
  const Death child(wire.number());
  server.reset();
  EXPECT_TRUE(child.await());
}

TEST_F(ForkServerDeathTest, NothingOutlivesAProgramThatIsKilled) {
  const pid_t program = ::fork();
  if (program == 0) {
    auto own = ForkServer::fork(wait_with_a_child);
    const WorkerStart as_worker{0, {}, UniqueFd(wire.write_end()), {}, {}};
    say(as_worker, own ? std::to_string(own->pid()) : "-1");
    if (!own || !start_worker(*own, 1, wire)) {
      ::_exit(1);
    }
    say(as_worker, std::to_string(await_report(*own).pid));
    for (;;) {
      ::pause();
    }
  }
  // The program and the worker's child write in either order: three processes in all.
  const Death one(wire.number());
  const Death two(wire.number());
  const Death three(wire.number());
  ASSERT_EQ(::kill(program, SIGKILL), 0);
  ASSERT_EQ(::waitpid(program, nullptr, 0), program);
  EXPECT_TRUE(one.await());
  EXPECT_TRUE(two.await());
  EXPECT_TRUE(three.await());
}

TEST_F(ForkServerDeathTest, ProgramThatIgnoresItsChildrenCanEndItsServer) {
  const auto before = ::signal(SIGCHLD, SIG_IGN);
  fork(test::wait_for_ever);
  ASSERT_TRUE(start_worker(*server, 1, wire));
  const Death worker(wire.number());
  server.reset();
  EXPECT_TRUE(worker.has_come());
  ::signal(SIGCHLD, before);
}

}  // namespace
}  // namespace bulkhead::os
