#include "display/numbers.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace bulkhead::display {

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

std::string format_fixed(double number, int decimals) {
  // The largest double has 309 digits before the point.
  std::array<char, 400> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, number);
  return text.data();
}

std::string format_rate(std::size_t count, std::chrono::nanoseconds time) {
  if (time.count() <= 0) {
    return "-";
  }
  const double rate = static_cast<double>(count) / seconds(time);
  if (rate >= 100) {
    return format_fixed(rate, 0);
  }
  return format_fixed(rate, rate >= 10 ? 1 : 2);
}

std::string format_clock(double span_seconds) {
  const auto whole = static_cast<unsigned long long>(std::ceil(span_seconds));
  const auto two_digits = [](unsigned long long number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
  };
  const unsigned long long minutes = whole / 60;
  const std::string end = ":" + two_digits(whole % 60);
  if (minutes < 60) {
    return std::to_string(minutes) + end;
  }
  return std::to_string(minutes / 60) + ":" + two_digits(minutes % 60) + end;
}

}  // namespace bulkhead::display
