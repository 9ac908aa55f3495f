#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "logs/request.h"

namespace bulkhead::logs {

/// Sets method, path and protocol from "GET /news HTTP/1.1"; what is not of this kind is a path,
/// and no HTTP.
void read_request_line(std::string_view text, Request& request);

/// The method, if it is one of HTTP or WebDAV; "other" for what clients make up. Lasts.
std::string_view known_method(std::string_view method);

/// Three digits, 100 to 999.
std::optional<int> read_status(std::string_view text);

/// A number of bytes, 2^53 at most; "-" is 0.
std::optional<std::uint64_t> read_bytes(std::string_view text);

/// A number with perhaps a fraction, in units of `microseconds_each`: "0.250" seconds are 250000.
/// "-" and several times, as nginx writes for several attempts, give nothing.
std::optional<std::int64_t> read_duration(std::string_view text, std::int64_t microseconds_each);

}  // namespace bulkhead::logs
