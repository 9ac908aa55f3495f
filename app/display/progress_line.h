#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::display {

/// How far a run is.
struct Progress {
  std::size_t done = 0;  ///< whatever their outcome
  std::size_t total = 0;
  std::size_t failed = 0;
  std::chrono::nanoseconds elapsed{0};
  std::string_view things = "photos";  ///< what is counted
};

/// "120/200 photos, 60 %, 161/s, ETA 0:01, 2 failed": ASCII, and shorter than `columns`, so that
/// the line never wraps; what does not fit is left out from the end.
std::string format_progress(const Progress& progress, std::size_t columns);

/// Lets one event through per interval, and the first at once. Time is an argument.
class Throttle {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Throttle(std::chrono::nanoseconds interval) : interval_(interval) {}

  bool is_due(Time now);

 private:
  std::chrono::nanoseconds interval_;
  std::optional<Time> last_;
};

}  // namespace bulkhead::display
