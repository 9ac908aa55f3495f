#include "os/oom_kills.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "os/control_groups.h"

namespace bulkhead::os {

namespace {

namespace fs = std::filesystem;

UniqueFd open_to_read(const fs::path& file) {
  return beyond_standard_streams(UniqueFd(::open(file.c_str(), O_RDONLY | O_CLOEXEC)));
}

/// In a container the group may be mounted as the root of its hierarchy.
UniqueFd open_in_group(const fs::path& mount, const fs::path& group, const char* file) {
  auto own = open_to_read(mount / group.relative_path() / file);
  return own ? std::move(own) : open_to_read(mount / file);
}

UniqueFd open_counter(const fs::path& root, const fs::path& self) {
  for (const ControlGroup& group : control_groups(self)) {
    auto file = group.has_controller("memory")
                    ? open_in_group(root / "memory", group.path, "memory.oom_control")
                : group.is_version_2() ? open_in_group(root, group.path, "memory.events")
                                       : UniqueFd();
    if (file) {
      return file;
    }
  }
  return {};
}

/// The number behind the name, at the start of a line.
std::optional<std::uint64_t> value_of(std::string_view name, std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.starts_with(name) && line.size() > name.size() && line[name.size()] == ' ') {
      std::uint64_t value = 0;
      const auto parsed =
          std::from_chars(line.data() + name.size() + 1, line.data() + line.size(), value);
      return parsed.ec == std::errc() ? std::optional(value) : std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace

OomKills::OomKills(const fs::path& root, const fs::path& self) : file_(open_counter(root, self)) {}

std::optional<std::uint64_t> OomKills::count() const {
  // The files have some 100 bytes. Reading from the start makes the kernel write them anew.
  std::array<char, 1024> text{};
  const auto length = file_ ? ::pread(file_.get(), text.data(), text.size(), 0) : 0;
  return value_of("oom_kill", {text.data(), length > 0 ? static_cast<std::size_t>(length) : 0});
}

}  // namespace bulkhead::os
