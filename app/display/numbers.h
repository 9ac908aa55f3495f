#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace bulkhead::display {

double seconds(std::chrono::nanoseconds time);

/// With `decimals` digits after the point.
std::string format_fixed(double number, int decimals);

/// How many a second: three significant digits below 100, whole numbers above; "-" for no time.
std::string format_rate(std::size_t count, std::chrono::nanoseconds time);

/// A span of time as "M:SS" or "H:MM:SS", rounded up to whole seconds.
std::string format_clock(double span_seconds);

}  // namespace bulkhead::display
