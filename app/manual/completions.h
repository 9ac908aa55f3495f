#pragma once

#include <string>
#include <vector>

#include "manual/command_table.h"

namespace bulkhead::manual {

/// What the shells complete command lines of the program by; each to be installed where its shell
/// looks for it.
std::string bash_completion(const std::vector<CommandEntry>& commands);
std::string zsh_completion(const std::vector<CommandEntry>& commands);
std::string fish_completion(const std::vector<CommandEntry>& commands);

}  // namespace bulkhead::manual
