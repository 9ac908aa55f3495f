#include "logs/custom_format.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "logs/request_line.h"
#include "logs/time_text.h"

namespace bulkhead::logs {
namespace {

constexpr auto kNone = std::string_view::npos;
constexpr std::string_view kSpecifiers = "hevrmUqHsbRudtxTLDn^~";

// Where `until` is; inside quotes not behind a backslash.
std::size_t find_end(std::string_view text, std::string_view until) {
  if (until.empty()) {
    return text.size();
  }
  std::size_t at = text.find(until);
  while (at != kNone && at > 0 && until.front() == '"' && text[at - 1] == '\\') {
    at = text.find(until, at + 1);
  }
  return at;
}

std::optional<std::int64_t> microseconds_each(char specifier) {
  switch (specifier) {
    case 'T':
      return 1'000'000;
    case 'L':
      return 1'000;
    case 'D':
      return 1;
    default:
      return std::nullopt;
  }
}

// Nanoseconds are less than the unit.
std::int64_t read_nanoseconds(std::string_view value) {
  constexpr std::int64_t kEach = 1000;
  const auto nanoseconds = read_duration(value, 1);
  return nanoseconds ? *nanoseconds / kEach : Request::kNoDuration;
}

LineProblem set_time(char specifier, std::string_view value, Request& request) {
  if (specifier == 'd') {
    const auto day = take_date(value);
    request.time.day = day.value_or(0);
    return day && value.empty() ? LineProblem::None : LineProblem::BadTime;
  }
  if (specifier == 't') {
    const auto second = take_clock(value);
    request.time.second = second.value_or(0);
    return second && value.empty() ? LineProblem::None : LineProblem::BadTime;
  }
  const auto moment = take_moment(value);
  request.time = moment.value_or(Moment{});
  return moment && value.empty() ? LineProblem::None : LineProblem::BadTime;
}

LineProblem set_number(char specifier, std::string_view value, Request& request) {
  if (specifier == 's') {
    const auto status = read_status(value);
    request.status = status.value_or(0);
    return status ? LineProblem::None : LineProblem::BadStatus;
  }
  if (specifier == 'b') {
    const auto bytes = read_bytes(value);
    request.bytes = bytes.value_or(0);
    return bytes ? LineProblem::None : LineProblem::BadBytes;
  }
  if (specifier == 'n') {
    request.microseconds = read_nanoseconds(value);
  } else if (const auto each = microseconds_each(specifier)) {
    request.microseconds = read_duration(value, *each).value_or(Request::kNoDuration);
  }
  return LineProblem::None;
}

// The field of a text; null: the specifier is of another kind.
std::string_view* text_of(char specifier, Request& request) {
  switch (specifier) {
    case 'h':
      return &request.client;
    case 'e':
      return &request.user;
    case 'v':
      return &request.vhost;
    case 'm':
      return &request.method;
    case 'U':
      return &request.path;
    case 'H':
      return &request.protocol;
    case 'R':
      return &request.referrer;
    case 'u':
      return &request.agent;
    default:
      return nullptr;
  }
}

LineProblem set(char specifier, std::string_view value, Request& request) {
  if (std::string_view* const text = text_of(specifier, request)) {
    *text = value == "-" ? std::string_view() : value;
    return LineProblem::None;
  }
  if (specifier == 'r') {
    read_request_line(value, request);
    return LineProblem::None;
  }
  if (specifier == 'd' || specifier == 't' || specifier == 'x') {
    return set_time(specifier, value, request);
  }
  return set_number(specifier, value, request);
}

}  // namespace

Expected<CustomFormat, std::string> CustomFormat::parse_text(const std::string& text) {
  CustomFormat format(text);
  format.steps_.emplace_back();
  std::string seen;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char next = at + 1 < text.size() ? text[at + 1] : '\0';
    if (text[at] != '%' || next == '%') {
      format.steps_.back().until += text[at];
      at += text[at] == '%' ? 1 : 0;
      continue;
    }
    if (kSpecifiers.find(next) == kNone || next == '\0') {
      return Unexpected("%" + std::string(1, next) + " is no specifier");
    }
    const Step& before = format.steps_.back();
    if (before.specifier != '\0' && before.specifier != '~' && before.until.empty()) {
      return Unexpected("nothing between %" + std::string(1, before.specifier) + " and %" +
                        std::string(1, next));
    }
    format.steps_.push_back({.specifier = next});
    seen += next;
    ++at;
  }
  const auto has = [&seen](char specifier) { return seen.find(specifier) != kNone; };
  if (!has('x') && (!has('d') || !has('t'))) {
    return Unexpected(std::string("there is no time: %x, or %d and %t"));
  }
  if (!has('h') || (!has('r') && !has('U'))) {
    return Unexpected(std::string("there is no client (%h) or no request (%r or %U)"));
  }
  return format;
}

LineProblem CustomFormat::parse(std::string_view line, Request& request) {
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
    request.is_repaired = true;
  }
  if (line.empty()) {
    return LineProblem::Empty;
  }
  for (const Step& step : steps_) {
    if (step.specifier == '\0' || step.specifier == '~') {
      const std::size_t spaces = step.specifier == '~' ? line.find_first_not_of(" \t") : 0;
      line.remove_prefix(std::min(spaces, line.size()));
      if (!line.starts_with(step.until)) {
        return LineProblem::OtherText;
      }
      line.remove_prefix(step.until.size());
      continue;
    }
    const std::size_t end = find_end(line, step.until);
    if (end == kNone) {
      return LineProblem::TooFewFields;
    }
    const auto problem = step.specifier == '^' || step.specifier == 'q'
                             ? LineProblem::None
                             : set(step.specifier, line.substr(0, end), request);
    if (problem != LineProblem::None) {
      return problem;
    }
    line.remove_prefix(end + step.until.size());
  }
  return LineProblem::None;
}

}  // namespace bulkhead::logs
