// How long after its limit is an endless task reported as timed out?

#include <chrono>
#include <vector>

#include <bulkhead/bulkhead.h>

#include "pool/measuring.h"
#include "pool/questions.h"

namespace bench {

namespace {
int never_end() {
  for (;;) {
    burn(std::chrono::milliseconds(1));
  }
}
int nothing() {
  return 0;
}
}  // namespace

void timeouts(unsigned) {
  constexpr auto kLimit = std::chrono::milliseconds(20);
  constexpr int kTimes = 30;
  bulkhead::ProcessPoolExecutor executor(1);
  std::vector<double> late;
  for (int i = 0; i < kTimes; ++i) {
    executor.submit(nothing).get();  // The worker is up: the limit counts from the task's start.
    const auto start = Clock::now();
    executor.submit({.timeout = kLimit}, never_end).wait();
    late.push_back(seconds_since(start) - std::chrono::duration<double>(kLimit).count());
  }
  report("timeout_late_p50", percentile(late, 0.5), "s");
  report("timeout_late_p90", percentile(late, 0.9), "s");
}

}  // namespace bench
