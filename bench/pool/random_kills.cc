// What random kills cost and what they change: tasks of half a millisecond while a thread kills a
// random worker, and now and then the fork server with all of them, every few milliseconds.

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <random>
#include <ranges>
#include <string>
#include <thread>
#include <vector>

#include <bulkhead/bulkhead.h>

#include "pool/measuring.h"
#include "pool/questions.h"

namespace bench {

namespace {

constexpr int kTasks = 20'000;
constexpr auto kTask = std::chrono::microseconds(500);
constexpr unsigned kKillsPerServerKill = 20;

long squared(int item) {
  burn(kTask);
  return long{item} * item;
}

// 0: gone meanwhile.
pid_t parent_of(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string word; status >> word;) {
    if (word == "PPid:") {
      pid_t parent = 0;
      status >> parent;
      return parent;
    }
  }
  return 0;
}

struct Kills {
  unsigned workers = 0;
  unsigned servers = 0;
};

void kill_at_random(const bulkhead::ProcessPoolExecutor& executor, const std::stop_token& over,
                    Kills& kills) {
  std::mt19937 random(1);
  while (!over.stop_requested()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1 + random() % 10));
    std::vector<pid_t> living;
    for (const auto& worker : executor.stats().workers) {
      if (worker.alive && worker.pid != 0) {
        living.push_back(worker.pid);
      }
    }
    if (living.empty()) {
      continue;
    }
    const pid_t worker = living[random() % living.size()];
    const pid_t server = parent_of(worker);
    if (random() % kKillsPerServerKill != 0) {
      kills.workers += ::kill(worker, SIGKILL) == 0 ? 1 : 0;
    } else if (server > 1 && parent_of(server) == ::getpid()) {
      kills.servers += ::kill(server, SIGKILL) == 0 ? 1 : 0;
    }
  }
}

}  // namespace

void random_kills(unsigned workers) {
  bulkhead::ProcessPoolExecutor executor(
      {.max_workers = workers, .start_method = bulkhead::StartMethod::Spawn});
  Kills kills;
  int lost = 0;
  int wrong = 0;
  int next = 0;
  const auto start = Clock::now();
  {
    const std::jthread killer(
        [&](const std::stop_token& over) { kill_at_random(executor, over, kills); });
    auto results = executor.map({.each = {.retries = 1000}}, squared, std::views::iota(0, kTasks));
    for (const auto& outcome : results.outcomes()) {
      lost += outcome ? 0 : 1;
      wrong += outcome && *outcome != long{next} * next ? 1 : 0;
      ++next;
    }
  }
  report("tasks", next, "1");
  report("lost", lost, "1");
  report("wrong", wrong, "1");
  report("workers_killed", kills.workers, "1");
  report("fork_servers_killed", kills.servers, "1");
  report("time", seconds_since(start), "s");
}

}  // namespace bench
