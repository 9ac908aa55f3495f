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

/// Tells the CPU that this thread is looking at a word until it changes.
inline void pause_cpu() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

}  // namespace bulkhead::os
