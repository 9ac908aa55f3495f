#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::os {

/// A control group that this process is in.
struct ControlGroup {
  std::string controllers;     ///< of version 1, separated by commas; empty: version 2
  std::filesystem::path path;  ///< from where the hierarchy is mounted

  bool is_version_2() const { return controllers.empty(); }
  bool has_controller(std::string_view name) const;
};

/// The groups that the file lists, one of each hierarchy; none if it cannot be read. (cgroups(7))
std::vector<ControlGroup> control_groups(const std::filesystem::path& self);

}  // namespace bulkhead::os
