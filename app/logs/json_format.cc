#include "logs/json_format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "logs/request_line.h"
#include "logs/time_text.h"
#include "records/line_reader.h"

namespace bulkhead::logs {
namespace {

static_assert(records::kReadablePadding >= simdjson::SIMDJSON_PADDING);

using simdjson::dom::element;

enum class Field : std::uint8_t {
  Vhost,
  Client,
  User,
  Time,
  RequestLine,
  Method,
  Path,
  Protocol,
  Status,
  Bytes,
  Referrer,
  Agent,
  Seconds,
};

struct Name {
  std::string_view text;
  Field field;
};

// Those of nginx (nginx.org/en/docs/varindex.html), and what configurations often call them.
constexpr std::array kNames = {
    Name{"remote_addr", Field::Client},
    Name{"client", Field::Client},
    Name{"client_ip", Field::Client},
    Name{"remote_ip", Field::Client},
    Name{"clientip", Field::Client},
    Name{"remote_user", Field::User},
    Name{"user", Field::User},
    Name{"time_iso8601", Field::Time},
    Name{"time_local", Field::Time},
    Name{"time", Field::Time},
    Name{"timestamp", Field::Time},
    Name{"@timestamp", Field::Time},
    Name{"msec", Field::Time},
    Name{"request", Field::RequestLine},
    Name{"request_method", Field::Method},
    Name{"method", Field::Method},
    Name{"verb", Field::Method},
    Name{"request_uri", Field::Path},
    Name{"uri", Field::Path},
    Name{"path", Field::Path},
    Name{"url", Field::Path},
    Name{"server_protocol", Field::Protocol},
    Name{"protocol", Field::Protocol},
    Name{"status", Field::Status},
    Name{"response", Field::Status},
    Name{"body_bytes_sent", Field::Bytes},
    Name{"bytes_sent", Field::Bytes},
    Name{"bytes", Field::Bytes},
    Name{"size", Field::Bytes},
    Name{"http_referer", Field::Referrer},
    Name{"http_referrer", Field::Referrer},
    Name{"referer", Field::Referrer},
    Name{"referrer", Field::Referrer},
    Name{"http_user_agent", Field::Agent},
    Name{"user_agent", Field::Agent},
    Name{"agent", Field::Agent},
    Name{"request_time", Field::Seconds},
    Name{"duration", Field::Seconds},
    Name{"http_host", Field::Vhost},
    Name{"server_name", Field::Vhost},
    Name{"host", Field::Vhost},
};

// A string; all else is nothing.
std::string_view text_of(element value) {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS && text != "-" ? text : std::string_view();
}

template <class Number>
std::optional<Number> number_of(element value) {
  Number number{};
  if (value.get(number) == simdjson::SUCCESS) {
    return number;
  }
  return std::nullopt;
}

std::optional<int> status_of(element value) {
  if (const auto number = number_of<std::uint64_t>(value)) {
    return read_status(std::to_string(*number));
  }
  return read_status(text_of(value));
}

std::optional<std::uint64_t> bytes_of(element value) {
  if (value.is_string()) {
    const std::string_view text = text_of(value);
    return text.empty() ? 0 : read_bytes(text);
  }
  if (value.is_null()) {
    return 0;
  }
  const auto number = number_of<std::uint64_t>(value);
  return number ? read_bytes(std::to_string(*number)) : std::nullopt;
}

std::int64_t microseconds_of(element value) {
  constexpr std::int64_t kEach = 1'000'000;
  if (const auto number = number_of<double>(value)) {
    return read_duration(std::to_string(*number), kEach).value_or(Request::kNoDuration);
  }
  return read_duration(text_of(value), kEach).value_or(Request::kNoDuration);
}

bool read_time(element value, Moment& time) {
  std::string number;
  std::string_view text = text_of(value);
  if (const auto seconds = number_of<double>(value)) {
    number = std::to_string(*seconds);
    text = number;
  }
  const auto moment = take_moment(text);
  time = moment.value_or(Moment{});
  return moment && text.empty();
}

// The members of one line, as they come.
class Members {
 public:
  explicit Members(Request& request) : request_(request) {}

  void read(std::string_view name, element value) {
    const auto known = std::ranges::find(kNames, name, &Name::text);
    if (known != kNames.end()) {
      set(known->field, value);
    }
  }

  LineProblem finish() {
    if (!has_time_) {
      return LineProblem::BadTime;
    }
    if (request_.status == 0) {
      return LineProblem::BadStatus;
    }
    if (!has_bytes_) {
      return LineProblem::BadBytes;
    }
    if (!has_request_) {
      request_.is_http = !request_.method.empty() && !request_.path.empty();
    }
    return request_.client.empty() ? LineProblem::TooFewFields : LineProblem::None;
  }

 private:
  void set(Field field, element value) {
    switch (field) {
      case Field::Vhost:
        return set_first(request_.vhost, value);
      case Field::Client:
        return set_first(request_.client, value);
      case Field::User:
        return set_first(request_.user, value);
      case Field::Method:
        return set_first(request_.method, value);
      case Field::Path:
        return set_first(request_.path, value);
      case Field::Protocol:
        return set_first(request_.protocol, value);
      case Field::Referrer:
        return set_first(request_.referrer, value);
      case Field::Agent:
        return set_first(request_.agent, value);
      case Field::Time:
        has_time_ = has_time_ || read_time(value, request_.time);
        return;
      case Field::RequestLine:
        has_request_ = true;
        return read_request_line(text_of(value), request_);
      case Field::Status:
        request_.status = status_of(value).value_or(0);
        return;
      case Field::Bytes: {
        const auto bytes = bytes_of(value);
        has_bytes_ = bytes.has_value();
        request_.bytes = bytes.value_or(0);
        return;
      }
      case Field::Seconds:
        request_.microseconds = microseconds_of(value);
        return;
    }
  }

  // Of several names for the same the first one counts.
  static void set_first(std::string_view& text, element value) {
    if (text.empty()) {
      text = text_of(value);
    }
  }

  Request& request_;
  bool has_time_ = false;
  bool has_bytes_ = false;
  bool has_request_ = false;
};

}  // namespace

LineProblem JsonFormat::parse(std::string_view line, Request& request) {
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
    request.is_repaired = true;
  }
  if (line.empty()) {
    return LineProblem::Empty;
  }
  simdjson::dom::object object;
  if (line.front() != '{' ||
      parser_.parse(line.data(), line.size(), false).get(object) != simdjson::SUCCESS) {
    return LineProblem::BadJson;
  }
  Members members(request);
  for (const auto [name, value] : object) {
    members.read(name, value);
  }
  return members.finish();
}

}  // namespace bulkhead::logs
