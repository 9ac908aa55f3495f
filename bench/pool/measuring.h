#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// What the questions of the benchmark have in common, whoever answers them.
namespace bench {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start);

/// Prints one figure as a JSON record, for bench/run to read.
void report(const std::string& name, double value, const char* unit);

/// Keeps a CPU busy for so long, in CPU time of this thread: a task that waits for a CPU takes
/// longer on the clock, but does not do less.
void burn(std::chrono::nanoseconds time);

/// The value such that so many of the values, as a share of 1, are not above it.
double percentile(std::vector<double> values, double share);

/// `count` run times with a heavy tail (log-normal, sigma 2, median `median`), in an order that
/// looks random and is the same for every contender.
std::vector<std::chrono::nanoseconds> heavy_tailed(std::size_t count,
                                                   std::chrono::nanoseconds median);

/// The shortest time in which so many workers could do all of it.
double ideal_seconds(std::span<const std::chrono::nanoseconds> times, unsigned workers);

/// Bytes that copying from one warm buffer to another moves in a second.
double memcpy_bytes_per_second(std::size_t size);

/// A row of /proc/PID/smaps_rollup ("Private_Dirty:") in bytes, see proc(5).
double memory_row(int pid, const std::string& row);

}  // namespace bench
