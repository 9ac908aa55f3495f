// Arguments and results from 1 KB to 1 GB, one at a time, against memcpy of the same size.

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <vector>

#include <bulkhead/bulkhead.h>

#include "pool/measuring.h"
#include "pool/questions.h"

namespace bench {

namespace {

std::size_t size_of(const std::vector<char>& bytes) {
  return bytes.size();
}
std::vector<char> make(std::size_t size) {
  return std::vector<char>(size, 'x');
}

/// The mean time of `act` once it is warm.
template <class Act>
double seconds_of(std::size_t size, Act act) {
  const std::size_t rounds = std::clamp<std::size_t>((std::size_t{64} << 20) / size, 3, 2000);
  act();
  const auto start = Clock::now();
  for (std::size_t i = 0; i < rounds; ++i) {
    act();
  }
  return seconds_since(start) / static_cast<double>(rounds);
}

}  // namespace

void large_values(unsigned workers) {
  bulkhead::ProcessPoolExecutor executor(workers);
  for (std::size_t size = 1024; size <= std::size_t{1} << 30; size *= 32) {
    const std::vector<char> value(size, 'v');
    const double argument = seconds_of(size, [&] {
      if (executor.submit(size_of, value).get() != size) {
        std::abort();
      }
    });
    const double result = seconds_of(size, [&] {
      if (executor.submit(make, size).get().size() != size) {
        std::abort();
      }
    });
    const double memcpy_speed = memcpy_bytes_per_second(size);
    const auto bytes = static_cast<double>(size);
    const std::string suffix = "_" + std::to_string(size >> 10) + "_kib";
    report("argument" + suffix, bytes / argument / memcpy_speed, "of memcpy");
    report("result" + suffix, bytes / result / memcpy_speed, "of memcpy");
  }
}

}  // namespace bench
