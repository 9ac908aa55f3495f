#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::logs {

/// Adds a field, any bytes, to the text that several fields of a request are counted under. Groups
/// have the same text if all fields are the same, and the order of their fields.
void append_to_group(std::string& group, std::string_view field);

/// The fields that were added.
std::vector<std::string> fields_of_group(std::string_view group);

}  // namespace bulkhead::logs
