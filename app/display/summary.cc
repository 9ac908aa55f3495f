#include "display/summary.h"

#include <algorithm>

#include "display/numbers.h"

namespace bulkhead::display {
namespace {

using std::chrono::nanoseconds;

// More are told by their extremes: the line is for people.
constexpr std::size_t kWorkersListed = 16;

std::string counted(std::size_t count, const std::string& thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

std::string percent(nanoseconds part, nanoseconds whole) {
  const double share = whole.count() > 0 ? seconds(part) / seconds(whole) : 0;
  return format_fixed(share * 100, 0) + " %";
}

std::string outcomes(const RunSummary& summary) {
  std::string line = counted(summary.made * summary.thumbnails_each, "thumbnail") + " made";
  if (summary.damaged != 0) {
    line += " (" + std::to_string(summary.damaged) + " damaged)";
  }
  if (summary.skipped != 0) {
    line += ", " + std::to_string(summary.skipped) + " up to date";
  }
  line += ", " + std::to_string(summary.failed) + " failed";
  if (summary.not_tried != 0) {
    line += ", " + std::to_string(summary.not_tried) + " not tried";
  }
  if (summary.left_out != 0) {
    line += ", " + std::to_string(summary.left_out) + " left out as thumbnails";
  }
  line += " in " + format_fixed(seconds(summary.cost.elapsed), 2) + " s";
  if (summary.made != 0) {
    // Of failures alone, which may take no time at all, a rate would tell nothing.
    const std::size_t photos = summary.made + summary.failed;
    line += ": " + format_rate(photos, summary.cost.elapsed) + " photos/s";
  }
  return line + "\n";
}

std::string workers(const RunCost& cost) {
  if (cost.busy.empty()) {
    return "no workers";
  }
  std::string text = counted(cost.busy.size(), "worker") + ", busy";
  if (cost.busy.size() > kWorkersListed) {
    const auto [least, most] = std::ranges::minmax(cost.busy);
    return text + " " + percent(least, cost.elapsed) + " to " + percent(most, cost.elapsed);
  }
  for (const nanoseconds busy : cost.busy) {
    text += " " + percent(busy, cost.elapsed);
  }
  return text;
}

std::string load(const RunCost& cost) {
  const double busy_cores =
      cost.elapsed.count() > 0 ? seconds(cost.cpu) / seconds(cost.elapsed) : 0;
  return format_fixed(seconds(cost.cpu), 2) + " s of CPU time, " + format_fixed(busy_cores, 2) +
         " of " + counted(cost.cores, "core") + " busy\n";
}

}  // namespace

std::string format_cost(const RunCost& cost) {
  return workers(cost) + "; " + load(cost);
}

std::string format_summary(const RunSummary& summary) {
  return outcomes(summary) + format_cost(summary.cost);
}

}  // namespace bulkhead::display
