#include "logs/field.h"

#include <algorithm>
#include <array>

#include "logs/time_text.h"

namespace bulkhead::logs {
namespace {

constexpr std::array<std::string_view, 12> kNames = {"client",   "user",     "vhost",  "method",
                                                     "path",     "protocol", "status", "bytes",
                                                     "referrer", "agent",    "day",    "hour"};

constexpr std::int32_t kSecondsPerHour = 3600;

std::string_view kept(std::string text, std::string& room) {
  room = std::move(text);
  return room;
}

}  // namespace

std::string_view name_of(Field field) {
  return kNames[static_cast<std::size_t>(field)];
}

std::optional<Field> field_of(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) {
    return std::nullopt;
  }
  return static_cast<Field>(found - kNames.begin());
}

std::vector<std::string> field_names() {
  return {kNames.begin(), kNames.end()};
}

std::string_view text_of(Field field, const Request& request, std::string& room) {
  switch (field) {
    case Field::Client:
      return request.client;
    case Field::User:
      return request.user;
    case Field::Vhost:
      return request.vhost;
    case Field::Method:
      return request.method;
    case Field::Path:
      return request.path;
    case Field::Protocol:
      return request.protocol;
    case Field::Status:
      return kept(std::to_string(request.status), room);
    case Field::Bytes:
      return kept(std::to_string(request.bytes), room);
    case Field::Referrer:
      return request.referrer;
    case Field::Agent:
      return request.agent;
    case Field::Day:
      return kept(day_text(request.time.day), room);
    case Field::Hour:
      return kept(hour_text(request.time.second / kSecondsPerHour), room);
  }
  return {};
}

}  // namespace bulkhead::logs
