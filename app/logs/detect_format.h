#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <bulkhead/expected.h>

#include "logs/log_format.h"

namespace bulkhead::logs {

/// The format of a name ("combined", ...) or, if it has a '%', a format string as GoAccess has
/// them. The error says what is wrong with it.
Expected<std::unique_ptr<LogFormat>, std::string> make_format(const std::string& text);

/// The names that make_format() knows.
std::vector<std::string> format_names();

/// The format that reads most of these lines; nothing when none reads any.
std::unique_ptr<LogFormat> detect_format(const std::vector<std::string_view>& lines);

}  // namespace bulkhead::logs
