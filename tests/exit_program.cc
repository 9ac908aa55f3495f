// A program that ends while its pools live: exit_program HOW fork|spawn. See pool_exit_test.cc.

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <bulkhead/bulkhead.h>

#include "gate.h"
#include "victims.h"

namespace bulkhead {
namespace {

std::unique_ptr<ProcessPoolExecutor> global_pool;  // NOLINT: the point of it

void say(const std::string& line) {
  std::printf("%s\n", line.c_str());
}

int say_square(int x) {
  say("square " + std::to_string(x * x));
  return x * x;
}

int arrive_and_stay(const std::string& gate) {
  Gate::arrive(gate);
  return victims::sleep_forever();
}

/// Leaves every worker busy with what would not end, says one of them, and has more wait behind it.
void leave_work(ProcessPoolExecutor& pool) {
  const Gate gate;
  int worker = 0;
  for (unsigned i = 0; i < pool.max_workers(); ++i) {
    pool.submit(arrive_and_stay, gate.name());
    worker = gate.await_arrival();
  }
  for (int i = 0; i < 10; ++i) {
    pool.submit(say_square, i);
  }
  say(std::to_string(worker));
}

/// Says the number that will come into the file.
void say_number_in(const std::string& file) {
  int number = 0;
  while (!(std::ifstream(file) >> number)) {
    std::this_thread::yield();
  }
  std::remove(file.c_str());
  say(std::to_string(number));
  std::fflush(stdout);
}

volatile std::sig_atomic_t was_interrupted = 0;  // NOLINT: a handler has no arguments

/// As a program does that has something to put in order: what runs may end, what waits may not
/// begin.
int finish_when_interrupted(const PoolOptions& options) {
  sigset_t interrupt;
  sigset_t before;
  ::sigemptyset(&interrupt);
  ::sigaddset(&interrupt, SIGINT);
  ::sigprocmask(SIG_BLOCK, &interrupt, &before);
  std::signal(SIGINT, [](int) { was_interrupted = 1; });
  ProcessPoolExecutor pool(options);
  const Gate gate;
  const auto running = pool.submit(Gate::pass, gate.name());
  const auto waiting = pool.submit(victims::square, 3);
  say(std::to_string(gate.await_arrival()));
  std::fflush(stdout);
  while (was_interrupted == 0) {
    ::sigsuspend(&before);
  }
  pool.shutdown({.wait = false, .cancel_futures = true});
  gate.open();
  say("ended: " + std::to_string(running.get()));
  say(waiting.cancelled() ? "cancelled" : "not cancelled");
  return 130;
}

int end(const std::string& how, const PoolOptions& options) {
  if (how == "return_with_a_global_pool") {
    global_pool = std::make_unique<ProcessPoolExecutor>(options);
    for (int i = 0; i < 10; ++i) {
      global_pool->submit(say_square, i);
    }
    return 0;
  }
  if (how == "shut_down_without_waiting_and_return") {
    ProcessPoolExecutor pool(options);
    for (int i = 0; i < 10; ++i) {
      pool.submit(say_square, i);
    }
    pool.shutdown({.wait = false});
    return 0;
  }
  if (how == "exit_with_a_busy_pool") {
    leave_work(*new ProcessPoolExecutor(options));  // NOLINT: nobody destroys it
    std::exit(3);
  }
  if (how == "return_with_a_busy_default_pool") {
    leave_work(default_pool());
    return 0;
  }
  if (how == "be_busy_for_ever") {
    ProcessPoolExecutor pool(options);
    leave_work(pool);
    std::fflush(stdout);
    return victims::sleep_forever();
  }
  if (how == "leave_a_grandchild") {
    const std::string file = "grandchild-" + std::to_string(::getpid());
    ProcessPoolExecutor pool(options);
    pool.submit(victims::leave_a_grandchild, file);
    say_number_in(file);
    return victims::sleep_forever();
  }
  if (how == "finish_when_interrupted") {
    return finish_when_interrupted(options);
  }
  if (how == "fork_with_unwritten_output") {
    std::printf("written once\n");  // Buffered, because standard output is no terminal.
    ProcessPoolExecutor pool(options);
    std::vector<Future<int>> futures;
    for (int i = 0; i < 10; ++i) {
      futures.push_back(pool.submit(victims::square, i));
    }
    return 0;
  }
  return 2;
}

}  // namespace
}  // namespace bulkhead

int main(int argc, char** argv) {
  bulkhead::init(argc, argv);
  if (argc != 3) {
    return 2;
  }
  const auto method =
      argv[2] == std::string("fork") ? bulkhead::StartMethod::Fork : bulkhead::StartMethod::Spawn;
  return bulkhead::end(argv[1], {.max_workers = 1, .start_method = method});
}
