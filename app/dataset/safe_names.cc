#include "dataset/safe_names.h"

#include <algorithm>

#include "display/escape.h"

namespace bulkhead::dataset {
namespace {

constexpr std::size_t kMaxNameBytes = 200;
constexpr std::size_t kMaxKeyBytes = 80;

bool is_odd(char character) {
  constexpr std::string_view kOdd = "/\\:*?\"<>|";
  return kOdd.find(character) != std::string_view::npos;
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

}  // namespace

std::string safe_name(std::string_view text) {
  std::string name;
  while (!text.empty()) {
    const std::size_t length = display::utf8_character_length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    if (name.size() + character.size() > kMaxNameBytes) {
      break;
    }
    const bool is_control = display::printable(character) != character;
    name += length == 0 || is_control || is_odd(text.front()) ? "_" : character;
    text.remove_prefix(character.size());
  }
  if (name.empty()) {
    return "_";
  }
  if (name.front() == '.') {
    name.front() = '_';
  }
  return name;
}

std::string safe_key(std::string_view text) {
  const std::string name = safe_name(text);
  std::string key;
  for (std::string_view rest = name; !rest.empty();) {
    const std::size_t length = display::utf8_character_length(rest);
    if (key.size() + length > kMaxKeyBytes) {
      break;
    }
    key += rest.front() == '.' ? "_" : rest.substr(0, length);
    rest.remove_prefix(length);
  }
  return key;
}

std::string UniqueNames::take(const std::string& name) {
  std::size_t& number = numbers_[lower_case(name)];
  std::string unique = name;
  while (number != 0 && numbers_.contains(lower_case(unique))) {
    unique = name + "_" + std::to_string(++number);
  }
  number = std::max<std::size_t>(number, 1);
  // A reference would not outlive the entry that this makes.
  numbers_.try_emplace(lower_case(unique), 1);
  return unique;
}

}  // namespace bulkhead::dataset
