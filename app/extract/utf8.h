#pragma once

#include <simdjson.h>

#include <string_view>

namespace bulkhead::extract {

inline bool is_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

}  // namespace bulkhead::extract
