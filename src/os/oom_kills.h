#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "os/unique_fd.h"

namespace bulkhead::os {

/// The processes of this process's control group that the kernel has killed for want of memory: the
/// number that it keeps of them. It counts before it kills.
class OomKills {
 public:
  /// Finds the counter: `oom_kill` in memory.events (version 2; groups below count too) or in
  /// memory.oom_control (version 1). `root` is where the control groups are mounted, `self` the
  /// list of this process's groups.
  explicit OomKills(const std::filesystem::path& root = "/sys/fs/cgroup",
                    const std::filesystem::path& self = "/proc/self/cgroup");

  /// So many since the group exists; nullopt: the kernel does not tell.
  std::optional<std::uint64_t> count() const;

 private:
  UniqueFd file_;
};

}  // namespace bulkhead::os
