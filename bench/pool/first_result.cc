// From nothing to the first result.

#include <vector>

#include <bulkhead/bulkhead.h>

#include "pool/measuring.h"
#include "pool/questions.h"

namespace bench {

namespace {

int nothing(int x) {
  return x;
}

void measure(const char* name, unsigned workers, bulkhead::StartMethod method) {
  constexpr int kTimes = 20;
  std::vector<double> seconds;
  for (int i = 0; i < kTimes; ++i) {
    const auto start = Clock::now();
    bulkhead::ProcessPoolExecutor executor({.max_workers = workers, .start_method = method});
    executor.submit(nothing, 1).get();
    seconds.push_back(seconds_since(start));
  }
  report(name, percentile(seconds, 0.5), "s");
}

}  // namespace

void first_result(unsigned workers) {
  measure("first_result", workers, bulkhead::StartMethod::Fork);
  measure("first_result_spawn", workers, bulkhead::StartMethod::Spawn);
}

}  // namespace bench
