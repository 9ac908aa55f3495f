#include "os/cpus.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "os/control_groups.h"

namespace bulkhead::os {

namespace {

namespace fs = std::filesystem;

std::optional<unsigned> whole_cpus(double quota, double period) {
  if (quota <= 0 || period <= 0) {
    return std::nullopt;
  }
  return static_cast<unsigned>(std::clamp(std::ceil(quota / period), 1.0, 1e6));
}

/// cpu.max holds "QUOTA PERIOD" in microseconds, or "max PERIOD".
std::optional<unsigned> version_2_limit(const fs::path& group) {
  std::ifstream file(group / "cpu.max");
  double quota = 0;
  double period = 0;
  if (!(file >> quota >> period)) {
    return std::nullopt;  // "max", no such file, or garbage: no limit that we know of.
  }
  return whole_cpus(quota, period);
}

std::optional<unsigned> version_1_limit(const fs::path& group) {
  std::ifstream quota_file(group / "cpu.cfs_quota_us");
  std::ifstream period_file(group / "cpu.cfs_period_us");
  double quota = 0;
  double period = 0;
  if (!(quota_file >> quota) || !(period_file >> period)) {
    return std::nullopt;
  }
  return whole_cpus(quota, period);
}

void lower(std::optional<unsigned>& limit, std::optional<unsigned> other) {
  if (other && (!limit || *other < *limit)) {
    limit = other;
  }
}

/// A limit of any group above binds as well.
std::optional<unsigned> strictest(const fs::path& mount, const fs::path& group,
                                  std::optional<unsigned> (*limit_of)(const fs::path&)) {
  std::optional<unsigned> limit = limit_of(mount);
  fs::path at = mount;
  for (const auto& part : group.relative_path()) {
    at /= part;
    lower(limit, limit_of(at));
  }
  return limit;
}

}  // namespace

unsigned affinity_cpus() {
  // The kernel refuses a mask that is too small for the machine, so grow it.
  for (int cpus = 1024; cpus <= 1024 * 1024; cpus *= 4) {
    cpu_set_t* mask = CPU_ALLOC(static_cast<std::size_t>(cpus));
    const std::size_t bytes = CPU_ALLOC_SIZE(static_cast<std::size_t>(cpus));
    const bool known = ::sched_getaffinity(0, bytes, mask) == 0;
    const int count = known ? CPU_COUNT_S(bytes, mask) : 0;
    CPU_FREE(mask);
    if (known) {
      return static_cast<unsigned>(std::max(count, 1));
    }
  }
  // Some sandboxes do not tell the mask.
  return static_cast<unsigned>(std::max(::sysconf(_SC_NPROCESSORS_ONLN), 1L));
}

std::optional<unsigned> cgroup_cpus(const fs::path& root, const fs::path& self) {
  std::optional<unsigned> limit;
  for (const ControlGroup& group : control_groups(self)) {
    if (group.is_version_2()) {
      lower(limit, strictest(root, group.path, version_2_limit));
    } else if (group.has_controller("cpu")) {
      lower(limit, strictest(root / "cpu", group.path, version_1_limit));
      lower(limit, strictest(root / "cpu,cpuacct", group.path, version_1_limit));
    }
  }
  return limit;
}

}  // namespace bulkhead::os
