#include "pool/measuring.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <numeric>

namespace bench {

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void report(const std::string& name, double value, const char* unit) {
  std::printf("{\"name\": \"%s\", \"value\": %.9g, \"unit\": \"%s\"}\n", name.c_str(), value, unit);
  std::fflush(stdout);
}

namespace {
std::chrono::nanoseconds cpu_time_of_this_thread() {
  std::timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}
}  // namespace

void burn(std::chrono::nanoseconds time) {
  const auto end = cpu_time_of_this_thread() + time;
  while (cpu_time_of_this_thread() < end) {
  }
}

double percentile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values.at(static_cast<std::size_t>(share * static_cast<double>(values.size() - 1)));
}

namespace {
/// The inverse of the normal distribution's cumulative function, by bisection of erfc.
double normal_quantile(double share) {
  double low = -10;
  double high = 10;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(-middle / std::sqrt(2.0)) / 2 < share ? low : high) = middle;
  }
  return low;
}
}  // namespace

std::vector<std::chrono::nanoseconds> heavy_tailed(std::size_t count,
                                                   std::chrono::nanoseconds median) {
  std::vector<std::chrono::nanoseconds> times;
  for (std::size_t i = 0; i < count; ++i) {
    const double share = (static_cast<double>(i) + 0.5) / static_cast<double>(count);
    const double factor = std::exp(2 * normal_quantile(share));
    times.emplace_back(static_cast<std::int64_t>(factor * static_cast<double>(median.count())));
  }
  std::uint64_t state = 1;
  for (std::size_t i = times.size() - 1; i > 0; --i) {
    state = state * 6364136223846793005U + 1442695040888963407U;  // Knuth's MMIX generator
    std::swap(times[i], times[(state >> 33) % (i + 1)]);
  }
  return times;
}

double ideal_seconds(std::span<const std::chrono::nanoseconds> times, unsigned workers) {
  const auto total = std::accumulate(times.begin(), times.end(), std::chrono::nanoseconds(0));
  const auto longest = *std::max_element(times.begin(), times.end());
  return std::chrono::duration<double>(std::max(total / workers, longest)).count();
}

double memcpy_bytes_per_second(std::size_t size) {
  std::vector<char> from(size, 'x');
  std::vector<char> to(size, 'y');
  const std::size_t rounds = std::max<std::size_t>(3, (std::size_t{256} << 20) / size);
  const auto start = Clock::now();
  for (std::size_t i = 0; i < rounds; ++i) {
    from[i % size] = static_cast<char>(i);
    std::memcpy(to.data(), from.data(), size);
    asm volatile("" : : "r"(to.data()) : "memory");  // The copy is wanted, though nobody reads it.
  }
  return static_cast<double>(size * rounds) / seconds_since(start);
}

double memory_row(int pid, const std::string& row) {
  std::ifstream rollup("/proc/" + std::to_string(pid) + "/smaps_rollup");
  for (std::string line; std::getline(rollup, line);) {
    if (line.starts_with(row)) {
      return std::atof(line.c_str() + row.size()) * 1024;
    }
  }
  return 0;
}

}  // namespace bench
