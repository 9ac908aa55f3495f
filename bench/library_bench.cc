// What a process pool costs: the time to the first result, one round trip, the items of a map of
// trivial calls, the memory of an idle worker. Prints one JSON record a figure; bench/run puts it
// beside CPython's ProcessPoolExecutor, which answers the same questions in rivals/cpython_pool.py.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <ranges>
#include <string>

#include <bulkhead/bulkhead.h>

namespace {

using Clock = std::chrono::steady_clock;

long square(long x) { return x * x; }

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void report(const char* name, double value, const char* unit) {
  std::printf("{\"name\": \"%s\", \"value\": %.9g, \"unit\": \"%s\"}\n", name, value, unit);
}

/// Bytes of one row of smaps_rollup, "Private_Dirty:   124 kB" (proc(5)).
double memory_row(int pid, const std::string& row) {
  std::ifstream rollup("/proc/" + std::to_string(pid) + "/smaps_rollup");
  for (std::string line; std::getline(rollup, line);) {
    if (line.starts_with(row)) {
      return std::atof(line.c_str() + row.size()) * 1024;
    }
  }
  return 0;
}

void measure_start(const char* name, unsigned workers, bulkhead::StartMethod method) {
  const auto start = Clock::now();
  bulkhead::ProcessPoolExecutor executor({.max_workers = workers, .start_method = method});
  executor.submit(square, 1L).get();
  report(name, seconds_since(start), "s");
}

void measure_round_trip(bulkhead::ProcessPoolExecutor& executor) {
  constexpr long kCalls = 5000;
  const auto start = Clock::now();
  for (long i = 0; i < kCalls; ++i) {
    if (executor.submit(square, i).get() != i * i) {
      std::abort();
    }
  }
  report("round_trip", seconds_since(start) / kCalls, "s");
}

void measure_map(bulkhead::ProcessPoolExecutor& executor) {
  constexpr long kItems = 1'000'000;
  const auto start = Clock::now();
  long total = 0;
  for (const long result : executor.map(square, std::views::iota(0L, kItems))) {
    total += result;
  }
  if (total != (kItems - 1) * kItems / 2 * (2 * kItems - 1) / 3) {
    std::abort();
  }
  report("map_default", kItems / seconds_since(start), "items/s");
}

void measure_memory(const bulkhead::ProcessPoolExecutor& executor) {
  double most = 0;
  for (const auto& worker : executor.stats().workers) {
    const double mine =
        memory_row(worker.pid, "Private_Dirty:") + memory_row(worker.pid, "Private_Clean:");
    most = std::max(most, mine);
  }
  report("private_memory_of_idle_worker", most, "B");
}

}  // namespace

int main(int argc, char** argv) {
  bulkhead::init(argc, argv);
  const auto workers = static_cast<unsigned>(argc > 1 ? std::atoi(argv[1]) : 2);
  measure_start("first_result", workers, bulkhead::StartMethod::Fork);
  measure_start("first_result_spawn", workers, bulkhead::StartMethod::Spawn);
  bulkhead::ProcessPoolExecutor executor(workers);
  executor.map(square, std::views::iota(0L, 1000L)).collect();  // both workers are up
  measure_round_trip(executor);
  measure_map(executor);
  measure_memory(executor);
}
