// A map of 20,000 items of 100 µs of work each: how close to the ideal?

#include <chrono>
#include <ranges>

#include <bulkhead/bulkhead.h>

#include "pool/measuring.h"
#include "pool/questions.h"

namespace bench {

namespace {
int work(int item) {
  burn(std::chrono::microseconds(100));
  return item;
}
}  // namespace

void short_tasks(unsigned workers) {
  constexpr int kItems = 20'000;
  bulkhead::ProcessPoolExecutor executor(workers);
  executor.map(work, std::views::iota(0, 100)).collect();
  const auto start = Clock::now();
  executor.map(work, std::views::iota(0, kItems)).collect();
  report("short_tasks_efficiency", kItems * 100e-6 / workers / seconds_since(start), "of ideal");
}

}  // namespace bench
