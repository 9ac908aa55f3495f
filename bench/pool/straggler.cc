// An ordered map whose first item takes as long as half of all the others: do they go on behind it?

#include <chrono>
#include <vector>

#include <bulkhead/bulkhead.h>

#include "pool/measuring.h"
#include "pool/questions.h"

namespace bench {

namespace {
int work(std::chrono::nanoseconds time) {
  burn(time);
  return 0;
}
}  // namespace

void straggler(unsigned workers) {
  std::vector<std::chrono::nanoseconds> times(1000, std::chrono::milliseconds(1));
  times.front() = std::chrono::milliseconds(500);
  bulkhead::ProcessPoolExecutor executor(workers);
  executor.submit(work, std::chrono::nanoseconds(0)).get();
  const auto start = Clock::now();
  executor.map(work, times).collect();
  report("straggler_makespan", seconds_since(start) / ideal_seconds(times, workers), "of ideal");
}

}  // namespace bench
