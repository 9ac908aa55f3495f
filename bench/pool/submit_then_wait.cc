// 100,000 tasks submitted one by one, then all results.

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

void submit_then_wait(unsigned workers) {
  constexpr long kTasks = 100'000;
  bulkhead::ProcessPoolExecutor executor(workers);
  executor.submit(square, 1L).get();
  const auto start = Clock::now();
  std::vector<bulkhead::Future<long>> futures;
  futures.reserve(kTasks);
  for (long i = 0; i < kTasks; ++i) {
    futures.push_back(executor.submit(square, i));
  }
  for (long i = 0; i < kTasks; ++i) {
    if (futures[static_cast<std::size_t>(i)].get() != i * i) {
      std::abort();
    }
  }
  report("submit_then_wait", kTasks / seconds_since(start), "tasks/s");
}

}  // namespace bench
