#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "manual/command_table.h"

namespace bulkhead::manual {

/// The page bulkhead(1) in roff (man(7)).
std::string man_page(const std::vector<CommandEntry>& commands, std::string_view version);

}  // namespace bulkhead::manual
