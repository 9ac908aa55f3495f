#include "display/exact_bytes.h"

#include <algorithm>
#include <cstddef>

#include "display/escape.h"

namespace bulkhead::display {

std::string as_utf8(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const std::size_t length = utf8_character_length(text);
    valid += length == 0 ? "\xEF\xBF\xBD" : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return valid;
}

std::string exact_bytes(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  if (is_utf8(text)) {
    return digits;
  }
  for (const char byte : text) {
    const auto value = static_cast<unsigned char>(byte);
    digits += kDigits[value / 16U];
    digits += kDigits[value % 16U];
  }
  return digits;
}

}  // namespace bulkhead::display
