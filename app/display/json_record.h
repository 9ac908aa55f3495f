#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace bulkhead::display {

/// One line of NDJSON: an object whose members keep the order in which they were added.
class JsonRecord {
 public:
  /// Bytes that are no UTF-8 become U+FFFD.
  void add(std::string_view key, std::string_view text);
  void add(std::string_view key, std::int64_t number);
  /// Rounded to three decimals.
  void add(std::string_view key, double number);
  /// A path is bytes and JSON is Unicode: one that is not UTF-8 also gets a member KEY_hex with its
  /// exact bytes.
  void add_path(std::string_view key, std::string_view path);

  /// A member as text: a text byte for byte, a number as its digits; empty when there is none.
  std::string text(std::string_view key) const;

  /// Without the line's end. Always valid JSON, in UTF-8.
  std::string line() const;

 private:
  nlohmann::ordered_json members_ = nlohmann::ordered_json::object();
};

}  // namespace bulkhead::display
