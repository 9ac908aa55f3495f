#include "vips/raw_profile.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace bulkhead::vips {

std::vector<std::uint8_t> raw_profile(std::string_view text) {
  constexpr std::size_t kMaxDigits = 1U << 20U;
  // "\nexif\n      32\n4578..."
  for (int line = 0; line < 3; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      return {};
    }
    text.remove_prefix(end + 1);
  }
  std::string digits(text.substr(0, kMaxDigits));
  std::erase(digits, '\n');
  std::vector<std::uint8_t> bytes(digits.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char* const pair = digits.data() + 2 * i;
    if (std::from_chars(pair, pair + 2, bytes[i], 16).ptr != pair + 2) {
      return {};
    }
  }
  return bytes;
}

}  // namespace bulkhead::vips
