#include "display/escape.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace bulkhead::display {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

// One row of table 3-7: lead bytes, and the limits of the byte after them. All later bytes
// are 80..BF.
struct Form {
  unsigned first_lead;
  unsigned last_lead;
  unsigned first_second;
  unsigned last_second;
  std::size_t length;
};

constexpr std::array kForms = {
    Form{0x00, 0x7F, 0x00, 0x00, 1}, Form{0xC2, 0xDF, 0x80, 0xBF, 2},
    Form{0xE0, 0xE0, 0xA0, 0xBF, 3}, Form{0xE1, 0xEC, 0x80, 0xBF, 3},
    Form{0xED, 0xED, 0x80, 0x9F, 3}, Form{0xEE, 0xEF, 0x80, 0xBF, 3},
    Form{0xF0, 0xF0, 0x90, 0xBF, 4}, Form{0xF1, 0xF3, 0x80, 0xBF, 4},
    Form{0xF4, 0xF4, 0x80, 0x8F, 4},
};

bool has_form(std::string_view text, const Form& form) {
  if (text.size() < form.length || byte_at(text, 0) < form.first_lead ||
      byte_at(text, 0) > form.last_lead) {
    return false;
  }
  for (std::size_t i = 1; i < form.length; ++i) {
    const unsigned first = i == 1 ? form.first_second : 0x80;
    const unsigned last = i == 1 ? form.last_second : 0xBF;
    if (byte_at(text, i) < first || byte_at(text, i) > last) {
      return false;
    }
  }
  return true;
}

// C0, DEL, and C1, which terminals obey too.
bool is_control(std::string_view character) {
  const unsigned first = byte_at(character, 0);
  return first < 0x20 || first == 0x7F || (first == 0xC2 && byte_at(character, 1) < 0xA0);
}

void append_escaped(std::string& shown, char byte) {
  switch (byte) {
    case '\n':
      shown += "\\n";
      return;
    case '\r':
      shown += "\\r";
      return;
    case '\t':
      shown += "\\t";
      return;
    default:
      break;
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(byte);
  shown += "\\x";
  shown += kDigits[value / 16U];
  shown += kDigits[value % 16U];
}

}  // namespace

std::string shell_word(std::string_view text) {
  if (printable(text) == text) {
    std::string word = "'";
    for (const char character : text) {
      word += character == '\'' ? "'\\''" : std::string(1, character);
    }
    return word + "'";
  }
  std::string word = "$'";
  while (!text.empty()) {
    const std::string_view shown =
        text.substr(0, std::max<std::size_t>(1, utf8_character_length(text)));
    word += shown == "'" || shown == "\\" ? "\\" : "";
    word += printable(shown);
    text.remove_prefix(shown.size());
  }
  return word + "'";
}

std::size_t utf8_character_length(std::string_view text) {
  for (const Form& form : kForms) {
    if (has_form(text, form)) {
      return form.length;
    }
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_character_length(text);
    if (length == 0) {
      return false;
    }
    text.remove_prefix(length);
  }
  return true;
}

std::string printable(std::string_view name) {
  std::string shown;
  while (!name.empty()) {
    const std::size_t length = utf8_character_length(name);
    if (length != 0 && !is_control(name.substr(0, length))) {
      shown += name.substr(0, length);
      name.remove_prefix(length);
      continue;
    }
    // Of a control character of two bytes the second is no UTF-8 by itself, and escaped next.
    append_escaped(shown, name[0]);
    name.remove_prefix(1);
  }
  return shown;
}

}  // namespace bulkhead::display
