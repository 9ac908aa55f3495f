// What a pool costs on this machine: trivial calls by map, and what the pool counted.
// Usage: pool_figures ITEMS [WORKERS]

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <ranges>

#include <bulkhead/bulkhead.h>

int next(int number) {
  return number + 1;
}

int main(int argc, char** argv) {
  const int items = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
  const auto workers = static_cast<unsigned>(argc > 2 ? std::atoi(argv[2]) : 0);

  bulkhead::ProcessPoolExecutor executor(workers);  // 0: as many as CPUs may be used
  executor.boot_up();                               // so that it is not measured

  const auto start = std::chrono::steady_clock::now();
  std::int64_t sum = 0;
  for (const int number : executor.map(next, std::views::iota(0, items))) {
    sum += number;
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;

  std::cout << "sum: " << sum << '\n';
  const auto stats = executor.stats();
  std::cout << "tasks: " << stats.completed << ", crashes: " << stats.crashed << '\n';
  std::cout << "items a second: " << static_cast<double>(items) / seconds.count() << '\n';
  for (const auto& worker : stats.workers) {
    const std::chrono::duration<double> busy = worker.busy;
    std::cout << "worker " << worker.pid << ": " << worker.tasks << " tasks, busy " << busy.count()
              << " s\n";
  }
}
