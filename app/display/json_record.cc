#include "display/json_record.h"

#include <cmath>

#include "display/exact_bytes.h"

namespace bulkhead::display {

void JsonRecord::add(std::string_view key, std::string_view text) {
  members_[std::string(key)] = std::string(text);
}

void JsonRecord::add(std::string_view key, std::int64_t number) {
  members_[std::string(key)] = number;
}

void JsonRecord::add(std::string_view key, double number) {
  constexpr double kDecimals = 1000;
  members_[std::string(key)] = std::round(number * kDecimals) / kDecimals;
}

void JsonRecord::add_path(std::string_view key, std::string_view path) {
  add(key, path);
  if (const std::string bytes = exact_bytes(path); !bytes.empty()) {
    add(std::string(key) + "_hex", bytes);
  }
}

std::string JsonRecord::text(std::string_view key) const {
  const auto member = members_.find(key);
  if (member == members_.end()) {
    return "";
  }
  return member->is_string() ? member->get<std::string>() : member->dump();
}

std::string JsonRecord::line() const {
  using Json = nlohmann::ordered_json;
  return members_.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace bulkhead::display
