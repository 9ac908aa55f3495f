#pragma once

#include <string>
#include <string_view>

namespace bulkhead::display {

/// A name as it may stand in one line on a terminal: control characters and bytes that are no UTF-8
/// are shown as \n, \t, \r or \xHH, everything else stays. Not meant to be turned back: JSON is.
std::string printable(std::string_view name);

/// A text as one word of a command line; what may not stand on a terminal is written as $'...' has
/// it (bash, zsh, POSIX.1-2024).
std::string shell_word(std::string_view text);

/// How many bytes at the start of `text` are one well-formed UTF-8 character (Unicode 15, table
/// 3-7): 1 to 4; 0 when they are none or there are none.
std::size_t utf8_character_length(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace bulkhead::display
