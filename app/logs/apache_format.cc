#include "logs/apache_format.h"

#include <cstring>

#include "logs/request_line.h"

namespace bulkhead::logs {
namespace {

constexpr auto kNone = std::string_view::npos;

bool is_escaped(std::string_view text, std::size_t at) {
  std::size_t backslashes = 0;
  while (at > backslashes && text[at - backslashes - 1] == '\\') {
    ++backslashes;
  }
  return backslashes % 2 == 1;
}

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

// Takes what stands before the next space, and the space.
bool take_word(std::string_view& rest, std::string_view& word) {
  const std::size_t space = rest.find(' ');
  if (space == kNone || space == 0) {
    return false;
  }
  word = rest.substr(0, space);
  rest.remove_prefix(space + 1);
  return true;
}

// Where the quote is that ends a request: clients send quotes, too, but not `" 2`.
std::size_t end_of_request(std::string_view text) {
  for (std::size_t at = text.find('"'); at != kNone; at = text.find('"', at + 1)) {
    const bool is_before_status = at + 2 < text.size() && text[at + 1] == ' ' &&
                                  (is_digit(text[at + 2]) || text[at + 2] == '-');
    if (is_before_status && !is_escaped(text, at)) {
      return at;
    }
  }
  return kNone;
}

// Where the next quote is that is no part of a value.
std::size_t end_of_value(std::string_view text) {
  std::size_t at = text.find('"');
  while (at != kNone && is_escaped(text, at)) {
    at = text.find('"', at + 1);
  }
  return at;
}

// "-" stands for nothing.
std::string_view value_of(std::string_view text) {
  return text == "-" ? std::string_view() : text;
}

// Takes away what surrounds some lines, and tells whether there was anything.
bool unwrap(std::string_view& line) {
  const std::size_t before = line.size();
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  if (line.starts_with('"')) {
    line.remove_prefix(1);
    if (line.ends_with('"')) {
      line.remove_suffix(1);
    }
  }
  return line.size() != before;
}

LineProblem read_status_and_bytes(std::string_view& rest, Request& request) {
  constexpr std::size_t kStatusLength = 3;
  const auto status = read_status(rest.substr(0, kStatusLength));
  if (!status) {
    return LineProblem::BadStatus;
  }
  request.status = *status;
  if (rest.size() < kStatusLength + 2 || rest[kStatusLength] != ' ') {
    return LineProblem::TooFewFields;
  }
  rest.remove_prefix(kStatusLength + 1);
  const std::size_t end = rest.find(' ');
  const auto bytes = read_bytes(rest.substr(0, end));
  if (!bytes) {
    return LineProblem::BadBytes;
  }
  request.bytes = *bytes;
  rest.remove_prefix(end == kNone ? rest.size() : end);
  return LineProblem::None;
}

}  // namespace

LineProblem ApacheFormat::parse(std::string_view line, Request& request) {
  request.is_repaired = unwrap(line);
  std::string_view rest = line;
  if (rest.empty()) {
    return LineProblem::Empty;
  }
  if (const auto problem = read_who_and_when(rest, request); problem != LineProblem::None) {
    return problem;
  }
  const std::size_t end = end_of_request(rest);
  if (end == kNone) {
    return LineProblem::BadRequest;
  }
  read_request_line(rest.substr(0, end), request);
  rest.remove_prefix(end + 2);
  if (const auto problem = read_status_and_bytes(rest, request); problem != LineProblem::None) {
    return problem;
  }
  switch (fields_) {
    case Fields::Common:
      return rest.empty() ? LineProblem::None : LineProblem::OtherText;
    case Fields::Combined:
      return read_agent(rest, request);
  }
  return LineProblem::None;
}

LineProblem ApacheFormat::read_who_and_when(std::string_view& rest, Request& request) {
  std::string_view identity;
  if ((host_ == Host::InFront && !take_word(rest, request.vhost)) ||
      !take_word(rest, request.client) || !take_word(rest, identity)) {
    return LineProblem::TooFewFields;
  }
  // Names of users may have spaces.
  const std::size_t bracket = rest.find('[');
  if (bracket == kNone || bracket < 2 || rest[bracket - 1] != ' ') {
    return LineProblem::BadTime;
  }
  request.user = value_of(rest.substr(0, bracket - 1));
  rest.remove_prefix(bracket + 1);
  constexpr std::string_view kBehind = "] \"";
  if (rest.size() < AccessTime::kLength + kBehind.size() ||
      !time_.read(rest.data(), request.time)) {
    return LineProblem::BadTime;
  }
  rest.remove_prefix(AccessTime::kLength);
  if (!rest.starts_with(kBehind)) {
    return LineProblem::BadRequest;
  }
  rest.remove_prefix(kBehind.size());
  return LineProblem::None;
}

LineProblem ApacheFormat::read_agent(std::string_view rest, Request& request) const {
  constexpr std::string_view kBefore = " \"";
  if (!rest.starts_with(kBefore)) {
    return LineProblem::TooFewFields;
  }
  rest.remove_prefix(kBefore.size());
  const std::size_t referrer_end = end_of_value(rest);
  if (referrer_end == kNone || !rest.substr(referrer_end + 1).starts_with(kBefore)) {
    return LineProblem::TooFewFields;
  }
  request.referrer = value_of(rest.substr(0, referrer_end));
  rest.remove_prefix(referrer_end + 1 + kBefore.size());
  const std::size_t agent_end = end_of_value(rest);
  request.is_repaired = request.is_repaired || agent_end == kNone;
  request.agent = value_of(rest.substr(0, agent_end));
  return LineProblem::None;
}

std::string_view ApacheFormat::name() const {
  switch (fields_) {
    case Fields::Common:
      return host_ == Host::InFront ? "vcommon" : "common";
    case Fields::Combined:
      return host_ == Host::InFront ? "vcombined" : "combined";
  }
  return "";
}

}  // namespace bulkhead::logs
