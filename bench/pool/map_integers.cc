// A map of ten million trivial calls with default settings.

#include <cstdint>
#include <cstdlib>
#include <ranges>

#include <bulkhead/bulkhead.h>

#include "pool/measuring.h"
#include "pool/questions.h"

namespace bench {

namespace {
std::uint64_t square(std::uint64_t x) {
  return x * x;
}
}  // namespace

void map_integers(unsigned workers) {
  constexpr std::uint64_t kItems = 10'000'000;
  bulkhead::ProcessPoolExecutor executor(workers);
  executor.map(square, std::views::iota(std::uint64_t{0}, std::uint64_t{1000})).collect();
  std::uint64_t expected = 0;
  for (std::uint64_t i = 0; i < kItems; ++i) {
    expected += i * i;
  }
  const auto start = Clock::now();
  std::uint64_t total = 0;
  for (const auto result : executor.map(square, std::views::iota(std::uint64_t{0}, kItems))) {
    total += result;
  }
  report("map_integers", kItems / seconds_since(start), "items/s");
  if (total != expected) {
    std::abort();
  }
}

}  // namespace bench
