#include <bulkhead/map_progress.h>

namespace bulkhead {

double MapProgress::items_per_second() const noexcept {
  const std::chrono::duration<double> seconds = elapsed;
  return seconds.count() > 0 ? static_cast<double>(finished) / seconds.count() : 0;
}

std::optional<std::chrono::nanoseconds> MapProgress::remaining() const noexcept {
  const double speed = items_per_second();
  if (!total || speed <= 0) {
    return std::nullopt;
  }
  const std::uint64_t left = *total > finished ? *total - finished : 0;
  const double ns = static_cast<double>(left) / speed * 1e9;
  // More than three hundred years are as good as for ever.
  constexpr auto kForever = std::chrono::nanoseconds::max();
  return ns < static_cast<double>(kForever.count())
             ? std::chrono::nanoseconds(static_cast<std::chrono::nanoseconds::rep>(ns))
             : kForever;
}

}  // namespace bulkhead
