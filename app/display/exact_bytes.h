#pragma once

#include <string>
#include <string_view>

namespace bulkhead::display {

/// The text with U+FFFD for each byte that is no UTF-8; several texts may become one.
std::string as_utf8(std::string_view text);

/// The bytes of a text that is no UTF-8, in hexadecimal digits. Empty: it is UTF-8.
std::string exact_bytes(std::string_view text);

}  // namespace bulkhead::display
