#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace bulkhead {

/// A control group of this process alone, with so much memory, until the end of the object.
class MemoryGroup {
 public:
  /// nullopt: this process may not make one.
  static std::optional<MemoryGroup> enter(std::size_t bytes) {
    for (const Version& version : {kVersion1, kVersion2}) {
      const auto own = group_of_this_process(version);
      if (!own) {
        continue;
      }
      MemoryGroup group(*own,
                        version.make_below_root ? std::filesystem::path(version.mount) : *own);
      if (group.limit(version.limit, bytes) && move_to(group.folder_)) {
        return std::optional<MemoryGroup>(std::move(group));
      }
    }
    return std::nullopt;
  }

  MemoryGroup(MemoryGroup&& other) noexcept
      : before_(std::move(other.before_)), folder_(std::exchange(other.folder_, {})) {}
  MemoryGroup& operator=(MemoryGroup&&) = delete;
  ~MemoryGroup() {
    if (!folder_.empty()) {
      move_to(before_);
      ::rmdir(folder_.c_str());
    }
  }

 private:
  struct Version {
    const char* mount;
    const char* line;  ///< how its line in /proc/self/cgroup begins, behind the number
    const char* limit;
    bool make_below_root;  ///< a group with processes may have no groups with limits
  };
  static constexpr Version kVersion1{"/sys/fs/cgroup/memory", ":memory:", "memory.limit_in_bytes",
                                     false};
  static constexpr Version kVersion2{"/sys/fs/cgroup", "::", "memory.max", true};

  MemoryGroup(std::filesystem::path before, const std::filesystem::path& parent)
      : before_(std::move(before)),
        folder_(parent / ("bulkhead-test-" + std::to_string(::getpid()))) {
    ::mkdir(folder_.c_str(), 0700);
  }

  static std::optional<std::filesystem::path> group_of_this_process(const Version& version) {
    std::ifstream groups("/proc/self/cgroup");
    for (std::string line; std::getline(groups, line);) {
      const std::size_t at = line.find(':');
      const std::string rest = line.substr(at == std::string::npos ? 0 : at);
      if (rest.starts_with(version.line)) {
        return version.mount + rest.substr(std::string(version.line).size());
      }
    }
    return std::nullopt;
  }

  static bool write(const std::filesystem::path& file, const std::string& text) {
    return std::filesystem::exists(file) && (std::ofstream(file) << text << std::flush).good();
  }
  bool limit(const char* file, std::size_t bytes) const {
    return write(folder_ / file, std::to_string(bytes));
  }
  static bool move_to(const std::filesystem::path& group) {
    return write(group / "cgroup.procs", std::to_string(::getpid()));
  }

  std::filesystem::path before_;
  std::filesystem::path folder_;  ///< empty: moved from
};

}  // namespace bulkhead
