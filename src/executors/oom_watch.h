#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "os/oom_kills.h"

namespace bulkhead::executors {

/// Tells which deaths of a pool's processes the kernel has to answer for, because memory was short.
/// It says only how many processes of the control group it has killed, so each such kill explains
/// the first unexplained death, and no second one.
class OomWatch {
 public:
  explicit OomWatch(os::OomKills kills) : kills_(std::move(kills)), explained_(kills_so_far()) {}

  /// Kills in the control group so far; 0 where the kernel does not tell.
  std::uint64_t kills_so_far() const { return kills_.count().value_or(0); }

  /// A process was killed by SIGKILL, by nobody of this pool. `before`: kills_so_far() when it was
  /// started. True: one that happened in its time explains it.
  bool explains_death(std::uint64_t before) {
    const std::uint64_t known = std::max(explained_, before);
    const bool is_explained = kills_so_far() > known;
    explained_ = is_explained ? known + 1 : explained_;
    return is_explained;
  }

 private:
  os::OomKills kills_;
  std::uint64_t explained_;  ///< kills that are too old, or explain another death
};

}  // namespace bulkhead::executors
