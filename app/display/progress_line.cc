#include "display/progress_line.h"

#include <array>
#include <cstdio>

#include "display/numbers.h"

namespace bulkhead::display {
namespace {

std::string eta(const Progress& progress) {
  if (progress.done == 0) {
    return "ETA -:--";
  }
  const auto left = static_cast<double>(progress.total - progress.done);
  const double each = seconds(progress.elapsed) / static_cast<double>(progress.done);
  return "ETA " + format_clock(left * each);
}

std::string percent(const Progress& progress) {
  const std::size_t share = progress.total == 0 ? 100 : progress.done * 100 / progress.total;
  return std::to_string(share) + " %";
}

}  // namespace

std::string format_progress(const Progress& progress, std::size_t columns) {
  const std::array parts = {
      std::to_string(progress.done) + "/" + std::to_string(progress.total) + " " +
          std::string(progress.things),
      ", " + percent(progress),
      ", " + format_rate(progress.done, progress.elapsed) + "/s",
      ", " + eta(progress),
      progress.failed == 0 ? std::string() : ", " + std::to_string(progress.failed) + " failed",
  };
  std::string line;
  for (const std::string& part : parts) {
    if (line.size() + part.size() >= columns) {
      break;
    }
    line += part;
  }
  return line;
}

bool Throttle::is_due(Time now) {
  if (last_ && now - *last_ < interval_) {
    return false;
  }
  last_ = now;
  return true;
}

}  // namespace bulkhead::display
