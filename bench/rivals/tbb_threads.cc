// The questions of bench/pool, put to the threads of oneTBB: what could be had without isolation.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include <oneapi/tbb.h>

#include "pool/measuring.h"

namespace {

void round_trip(unsigned) {
  tbb::task_group group;
  std::vector<double> seconds;
  for (long i = 0; i < 20'000; ++i) {
    const auto start = bench::Clock::now();
    volatile long result = 0;
    group.run([&result, i] { result = i * i; });
    group.wait();
    seconds.push_back(bench::seconds_since(start));
  }
  bench::report("round_trip_p50", bench::percentile(seconds, 0.5), "s");
  bench::report("round_trip_p99", bench::percentile(seconds, 0.99), "s");
}

void submit_then_wait(unsigned) {
  constexpr std::size_t kTasks = 100'000;
  std::vector<std::size_t> results(kTasks);
  tbb::task_group group;
  const auto start = bench::Clock::now();
  for (std::size_t i = 0; i < kTasks; ++i) {
    group.run([&results, i] { results[i] = i * i; });
  }
  group.wait();
  bench::report("submit_then_wait", kTasks / bench::seconds_since(start), "tasks/s");
}

[[gnu::noinline]] std::uint64_t square(std::uint64_t x) {
  return x * x;
}

void map_integers(unsigned) {
  constexpr std::size_t kItems = 10'000'000;
  std::vector<std::uint64_t> results(kItems);
  const auto start = bench::Clock::now();
  tbb::parallel_for(std::size_t{0}, kItems, [&](std::size_t i) { results[i] = square(i); });
  std::uint64_t total = 0;
  for (const auto result : results) {
    total += result;
  }
  bench::report("map_integers", kItems / bench::seconds_since(start), "items/s");
  if (total == 0) {
    std::abort();
  }
}

double makespan(const std::vector<std::chrono::nanoseconds>& times) {
  const auto start = bench::Clock::now();
  tbb::parallel_for(std::size_t{0}, times.size(), [&](std::size_t i) { bench::burn(times[i]); });
  return bench::seconds_since(start);
}

void short_tasks(unsigned workers) {
  const std::vector<std::chrono::nanoseconds> times(20'000, std::chrono::microseconds(100));
  bench::report("short_tasks_efficiency", bench::ideal_seconds(times, workers) / makespan(times),
                "of ideal");
}

void heavy_tail(unsigned workers) {
  const auto times =
      bench::heavy_tailed(1000 * std::size_t{workers}, std::chrono::microseconds(100));
  bench::report("heavy_tail_makespan", makespan(times) / bench::ideal_seconds(times, workers),
                "of ideal");
}

}  // namespace

int main(int argc, char** argv) {
  using Question = std::pair<std::string_view, void (*)(unsigned)>;
  constexpr Question kQuestions[] = {
      {"round_trip", round_trip},     {"submit_then_wait", submit_then_wait},
      {"map_integers", map_integers}, {"short_tasks", short_tasks},
      {"heavy_tail", heavy_tail},
  };
  if (argc != 3) {
    std::fprintf(stderr, "usage: tbb_threads QUESTION WORKERS\n");
    return EXIT_FAILURE;
  }
  const auto workers = static_cast<unsigned>(std::atoi(argv[2]));
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, workers);
  for (const auto& [name, ask] : kQuestions) {
    if (name == argv[1]) {
      ask(workers);
    }
  }
}
