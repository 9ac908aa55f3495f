#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "logs/request.h"

namespace bulkhead::logs {

/// What of a request can be asked for by name.
enum class Field : std::uint8_t {
  Client,
  User,
  Vhost,
  Method,
  Path,
  Protocol,
  Status,
  Bytes,
  Referrer,
  Agent,
  Day,
  Hour,
};

/// "client", "status", ...
std::string_view name_of(Field field);
std::optional<Field> field_of(std::string_view name);
/// All names, in their order.
std::vector<std::string> field_names();

/// What the request has there, in the words of its line. `room` holds what is not a part of it.
std::string_view text_of(Field field, const Request& request, std::string& room);

}  // namespace bulkhead::logs
