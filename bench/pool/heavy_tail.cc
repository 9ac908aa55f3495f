// Tasks whose run times have a heavy tail: how long until the last one is over, against the ideal?

#include <chrono>

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

void heavy_tail(unsigned workers) {
  const auto times = heavy_tailed(1000 * std::size_t{workers}, std::chrono::microseconds(100));
  bulkhead::ProcessPoolExecutor executor(workers);
  executor.submit(work, std::chrono::nanoseconds(0)).get();
  const auto start = Clock::now();
  executor.map(work, times).collect();
  report("heavy_tail_makespan", seconds_since(start) / ideal_seconds(times, workers), "of ideal");
}

}  // namespace bench
