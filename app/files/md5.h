#pragma once

#include <string>
#include <string_view>

namespace bulkhead::files {

/// The MD5 of bytes (RFC 1321) in lower case hex: a name, not a protection.
std::string md5_hex(std::string_view bytes);

}  // namespace bulkhead::files
