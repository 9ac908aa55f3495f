#pragma once

#include <filesystem>
#include <optional>

namespace bulkhead::os {

/// CPUs of this process's affinity mask. (sched_getaffinity(2))
unsigned affinity_cpus();

/// CPUs that the control group of this process may use, rounded up; nullopt: no limit.
/// Reads cpu.max (version 2, every level up to the root) and cpu.cfs_quota_us (version 1).
/// `root` is where the control groups are mounted, `self` the list of this process's groups.
std::optional<unsigned> cgroup_cpus(const std::filesystem::path& root = "/sys/fs/cgroup",
                                    const std::filesystem::path& self = "/proc/self/cgroup");

}  // namespace bulkhead::os
