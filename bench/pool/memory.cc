// Memory: of an idle worker, and whether a million tasks leave anything behind.

#include <unistd.h>

#include <algorithm>
#include <ranges>

#include <bulkhead/bulkhead.h>

#include "pool/measuring.h"
#include "pool/questions.h"

namespace bench {

namespace {

long square(long x) {
  return x * x;
}

void run_tasks(bulkhead::ProcessPoolExecutor& executor, long count) {
  for ([[maybe_unused]] const long result : executor.map(square, std::views::iota(0L, count))) {
  }
}

double largest_private_memory(const bulkhead::ProcessPoolExecutor& executor) {
  double most = 0;
  for (const auto& worker : executor.stats().workers) {
    most = std::max(
        most, memory_row(worker.pid, "Private_Dirty:") + memory_row(worker.pid, "Private_Clean:"));
  }
  return most;
}

}  // namespace

void memory(unsigned workers) {
  bulkhead::ProcessPoolExecutor executor(workers);
  run_tasks(executor, 1000);
  report("private_memory_of_idle_worker", largest_private_memory(executor), "B");
  run_tasks(executor, 200'000);
  const double program = memory_row(::getpid(), "Rss:");
  const double worker = largest_private_memory(executor);
  run_tasks(executor, 1'000'000);
  report("growth_of_program_over_a_million_tasks", memory_row(::getpid(), "Rss:") - program, "B");
  report("growth_of_worker_over_a_million_tasks", largest_private_memory(executor) - worker, "B");
}

}  // namespace bench
