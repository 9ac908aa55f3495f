// What a crash costs: from the crash to the next result, and the throughput when one task in a
// hundred crashes.

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <ranges>
#include <vector>

#include <bulkhead/bulkhead.h>

#include "pool/measuring.h"
#include "pool/questions.h"

namespace bench {

namespace {

int crash() {
  ::kill(::getpid(), SIGKILL);
  return 0;
}
int nothing() {
  return 0;
}

int work(int item) {
  burn(std::chrono::milliseconds(1));
  return item;
}
int work_or_crash(int item) {
  return item % 100 == 99 ? crash() : work(item);
}

void measure_recovery() {
  constexpr int kTimes = 50;
  bulkhead::ProcessPoolExecutor executor(1);
  executor.submit(nothing).get();
  std::vector<double> seconds;
  for (int i = 0; i < kTimes; ++i) {
    const auto start = Clock::now();
    const auto victim = executor.submit(crash);
    executor.submit(nothing).get();
    seconds.push_back(seconds_since(start));
  }
  report("crash_to_next_result", percentile(seconds, 0.5), "s");
}

double seconds_of_map(bulkhead::ProcessPoolExecutor& executor, int (*function)(int), int items) {
  const auto start = Clock::now();
  for ([[maybe_unused]] const auto& outcome :
       executor.map(function, std::views::iota(0, items)).outcomes()) {
  }
  return seconds_since(start);
}

}  // namespace

void crashes(unsigned workers) {
  measure_recovery();
  constexpr int kItems = 2000;
  bulkhead::ProcessPoolExecutor executor(workers);
  executor.map(work, std::views::iota(0, 10)).collect();
  const double without = seconds_of_map(executor, work, kItems);
  const double with = seconds_of_map(executor, work_or_crash, kItems);
  report("throughput_with_1_percent_crashes", without / with, "of that without");
}

}  // namespace bench
