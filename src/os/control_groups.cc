#include "os/control_groups.h"

#include <fstream>
#include <sstream>

namespace bulkhead::os {

bool ControlGroup::has_controller(std::string_view name) const {
  std::istringstream list(controllers);
  for (std::string one; std::getline(list, one, ',');) {
    if (one == name) {
      return true;
    }
  }
  return false;
}

std::vector<ControlGroup> control_groups(const std::filesystem::path& self) {
  // Each line: "HIERARCHY:CONTROLLERS:PATH"; version 2 is "0::PATH".
  std::vector<ControlGroup> groups;
  std::ifstream lines(self);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string hierarchy;
    std::string controllers;
    std::string path;
    if (std::getline(fields, hierarchy, ':') && std::getline(fields, controllers, ':') &&
        std::getline(fields, path)) {
      groups.push_back({controllers, path});
    }
  }
  return groups;
}

}  // namespace bulkhead::os
