// One task after the other: submit, wait for its result.

#include <cstdlib>
#include <vector>

#include <bulkhead/bulkhead.h>

#include "pool/measuring.h"
#include "pool/questions.h"

namespace bench {

namespace {
long square(long x) {
  return x * x;
}
}  // namespace

void round_trip(unsigned workers) {
  constexpr long kCalls = 20'000;
  bulkhead::ProcessPoolExecutor executor(workers);
  executor.submit(square, 1L).get();
  std::vector<double> seconds;
  for (long i = 0; i < kCalls; ++i) {
    const auto start = Clock::now();
    if (executor.submit(square, i).get() != i * i) {
      std::abort();
    }
    seconds.push_back(seconds_since(start));
  }
  report("round_trip_p50", percentile(seconds, 0.5), "s");
  report("round_trip_p99", percentile(seconds, 0.99), "s");
}

}  // namespace bench
