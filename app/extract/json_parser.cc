#include "extract/json_parser.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

namespace bulkhead::extract {
namespace {

constexpr std::string_view kNumberBytes = "+-.0123456789Ee";

// Behind the string that begins at `at`.
std::size_t end_of_string(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    at += json[at] == '\\' ? 1 : 0;
  }
  return std::min(at + 1, json.size());
}

template <class Integer>
bool is_out_of_range(std::string_view number) {
  Integer value{};
  const char* const end = number.data() + number.size();
  const auto [stopped, error] = std::from_chars(number.data(), end, value);
  return stopped == end && error == std::errc::result_out_of_range;
}

bool is_large_integer(std::string_view number) {
  return number.starts_with('-') ? is_out_of_range<std::int64_t>(number)
                                 : is_out_of_range<std::uint64_t>(number);
}

std::string with_large_integers_in_quotes(std::string_view json) {
  std::string quoted;
  for (std::size_t at = 0; at < json.size();) {
    std::size_t end = at + 1;
    std::string_view mark;
    if (json[at] == '"') {
      end = end_of_string(json, at);
    } else if (kNumberBytes.find(json[at]) != std::string_view::npos) {
      end = std::min(json.find_first_not_of(kNumberBytes, at), json.size());
      mark = is_large_integer(json.substr(at, end - at)) ? "\"" : "";
    }
    quoted += mark;
    quoted += json.substr(at, end - at);
    quoted += mark;
    at = end;
  }
  return quoted;
}

}  // namespace

simdjson::error_code JsonParser::parse(std::string_view json, simdjson::dom::element& document) {
  const auto error = parser_.parse(json.data(), json.size(), false).get(document);
  return error == simdjson::NUMBER_ERROR
             ? parser_.parse(with_large_integers_in_quotes(json)).get(document)
             : error;
}

}  // namespace bulkhead::extract
