#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace bulkhead::files {

using Md5 = std::array<std::uint8_t, 16>;

/// The MD5 of bytes (RFC 1321): a name, not a protection.
Md5 md5(std::string_view bytes);

/// The same in lower case hex.
std::string md5_hex(std::string_view bytes);

}  // namespace bulkhead::files
