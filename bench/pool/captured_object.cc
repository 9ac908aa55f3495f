// 10,000 items that all need the same 10 MB.

#include <cstddef>
#include <ranges>
#include <string>

#include <bulkhead/bulkhead.h>

#include "pool/measuring.h"
#include "pool/questions.h"

namespace bench {

namespace {
char at(const std::string& text, int item) {
  return text[static_cast<std::size_t>(item)];
}
}  // namespace

void captured_object(unsigned workers) {
  constexpr int kItems = 10'000;
  bulkhead::ProcessPoolExecutor executor(workers);
  const std::string text(10'000'000, 'x');
  const auto start = Clock::now();
  executor.map(bulkhead::partial(at, text), std::views::iota(0, kItems)).collect();
  report("captured_object", kItems / seconds_since(start), "items/s");
}

}  // namespace bench
