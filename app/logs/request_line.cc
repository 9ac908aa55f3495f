#include "logs/request_line.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace bulkhead::logs {
namespace {

template <class Number>
bool read_whole(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stopped == end;
}

}  // namespace

void read_request_line(std::string_view text, Request& request) {
  const std::size_t first = text.find(' ');
  const std::size_t last = text.rfind(' ');
  if (first == std::string_view::npos || first == 0 || last <= first + 1 ||
      !text.substr(last + 1).starts_with("HTTP/")) {
    request.path = text;
    request.is_http = false;
    return;
  }
  request.method = text.substr(0, first);
  request.path = text.substr(first + 1, last - first - 1);
  request.protocol = text.substr(last + 1);
}

std::string_view known_method(std::string_view method) {
  // RFC 9110, 5789, 4918, 3253 and 5323, and what caches take; the frequent ones first.
  constexpr std::array<std::string_view, 19> kMethods = {
      "GET",    "POST",      "HEAD",     "OPTIONS", "PUT",  "DELETE", "PATCH",
      "TRACE",  "CONNECT",   "PROPFIND", "MKCOL",   "COPY", "MOVE",   "LOCK",
      "UNLOCK", "PROPPATCH", "REPORT",   "SEARCH",  "PURGE"};
  const auto known = std::ranges::find(kMethods, method);
  return known == kMethods.end() ? "other" : *known;
}

std::optional<int> read_status(std::string_view text) {
  constexpr int kLeast = 100;
  int status = 0;
  if (text.size() != 3 || !read_whole(text, status) || status < kLeast) {
    return std::nullopt;
  }
  return status;
}

std::optional<std::uint64_t> read_bytes(std::string_view text) {
  // What is more is no size of anything, and few of them would wrap a sum.
  constexpr std::uint64_t kMost = std::uint64_t{1} << 53U;
  std::uint64_t bytes = 0;
  if (text != "-" && (!read_whole(text, bytes) || bytes > kMost)) {
    return std::nullopt;
  }
  return bytes;
}

std::optional<std::int64_t> read_duration(std::string_view text, std::int64_t microseconds_each) {
  constexpr double kMost = 1e15;  // 30 years
  double number = 0;
  if (!read_whole(text, number) || !(number >= 0)) {
    return std::nullopt;
  }
  const double microseconds = number * static_cast<double>(microseconds_each);
  if (microseconds > kMost) {
    return std::nullopt;
  }
  return std::llround(microseconds);
}

}  // namespace bulkhead::logs
