#include "logs/time_text.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>

namespace bulkhead::logs {
namespace {

constexpr std::int32_t kMinutesPerHour = 60;
constexpr std::int32_t kSecondsPerMinute = 60;
constexpr std::int32_t kSecondsPerHour = 3600;
constexpr std::int64_t kSecondsPerDay = 86400;

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

// `digits` of them at text[at]; -1: they are not there.
int number_at(std::string_view text, std::size_t at, std::size_t digits) {
  if (text.size() < at + digits) {
    return -1;
  }
  int number = 0;
  for (const char digit : text.substr(at, digits)) {
    if (!is_digit(digit)) {
      return -1;
    }
    number = number * 10 + (digit - '0');
  }
  return number;
}

// 1 to 12; 0: it is none.
int month_of(std::string_view name) {
  constexpr std::string_view kNames = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::size_t at = name.size() == 3 ? kNames.find(name) : std::string_view::npos;
  return at != std::string_view::npos && at % 3 == 0 ? static_cast<int>(at / 3) + 1 : 0;
}

// hh:mm:ss at the front.
std::int32_t clock_at(std::string_view text) {
  constexpr std::size_t kLength = 8;
  const int hour = number_at(text, 0, 2);
  const int minute = number_at(text, 3, 2);
  const int second = number_at(text, 6, 2);
  // 60 is a leap second.
  const bool is_clock = text.size() >= kLength && text[2] == ':' && text[5] == ':' && hour >= 0 &&
                        hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second <= 60;
  return is_clock ? hour * kSecondsPerHour + minute * kSecondsPerMinute + second : -1;
}

std::string zone_text(std::int32_t offset_minutes) {
  const std::int32_t offset = std::abs(offset_minutes);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%c%02d:%02d", offset_minutes < 0 ? '-' : '+',
                offset / kMinutesPerHour, offset % kMinutesPerHour);
  return text.data();
}

std::optional<std::int32_t> take_day(std::string_view& text, std::size_t length, int year,
                                     int month, int day) {
  const auto number = day_number(year, month, day);
  if (number) {
    text.remove_prefix(length);
  }
  return number;
}

}  // namespace

std::optional<std::int32_t> day_number(int year, int month, int day) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (year < 0 || month < 1 || day < 1 || !date.ok()) {
    return std::nullopt;
  }
  return static_cast<std::int32_t>(std::chrono::sys_days(date).time_since_epoch().count());
}

std::string day_text(std::int32_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

std::string hour_text(int hour) {
  return (hour < 10 ? "0" : "") + std::to_string(hour);
}

std::string moment_text(const Moment& moment) {
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "T%02d:%02d:%02d", moment.second / kSecondsPerHour,
                moment.second % kSecondsPerHour / kSecondsPerMinute,
                moment.second % kSecondsPerMinute);
  return day_text(moment.day) + text.data() +
         (moment.has_zone ? zone_text(moment.offset_minutes) : "");
}

std::optional<std::int32_t> take_date(std::string_view& text) {
  constexpr std::size_t kNamedLength = 11;
  constexpr std::size_t kIsoLength = 10;
  if (text.size() >= kNamedLength && text[2] == '/' && text[6] == '/') {
    return take_day(text, kNamedLength, number_at(text, 7, 4), month_of(text.substr(3, 3)),
                    number_at(text, 0, 2));
  }
  if (text.size() >= kIsoLength && text[4] == '-' && text[7] == '-') {
    return take_day(text, kIsoLength, number_at(text, 0, 4), number_at(text, 5, 2),
                    number_at(text, 8, 2));
  }
  return std::nullopt;
}

std::optional<std::int32_t> take_clock(std::string_view& text) {
  constexpr std::size_t kLength = 8;
  const std::int32_t seconds = clock_at(text);
  if (seconds < 0) {
    return std::nullopt;
  }
  text.remove_prefix(kLength);
  if (text.starts_with('.') || text.starts_with(',')) {
    text.remove_prefix(1);
    while (!text.empty() && is_digit(text.front())) {
      text.remove_prefix(1);
    }
  }
  return seconds;
}

std::optional<std::int32_t> take_zone(std::string_view& text) {
  if (text.starts_with('Z')) {
    text.remove_prefix(1);
    return 0;
  }
  if (!text.starts_with('+') && !text.starts_with('-')) {
    return std::nullopt;
  }
  const std::size_t colon = text.size() > 3 && text[3] == ':' ? 1 : 0;
  const int hours = number_at(text, 1, 2);
  const int minutes = number_at(text, 3 + colon, 2);
  if (hours < 0 || minutes < 0) {
    return std::nullopt;
  }
  const std::int32_t offset = hours * kMinutesPerHour + minutes;
  const bool is_west = text.front() == '-';
  text.remove_prefix(5 + colon);
  return is_west ? -offset : offset;
}

namespace {

std::optional<Moment> take_epoch(std::string_view& text) {
  // 1973 to the year 10000: fewer digits are something else, such as the start of a date.
  constexpr std::int64_t kLeast = 100'000'000;
  constexpr std::int64_t kMost = 253'402'300'800;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || seconds < kLeast || seconds >= kMost) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    while (!text.empty() && is_digit(text.front())) {
      text.remove_prefix(1);
    }
  }
  return Moment{.day = static_cast<std::int32_t>(seconds / kSecondsPerDay),
                .second = static_cast<std::int32_t>(seconds % kSecondsPerDay),
                .has_zone = true};
}

}  // namespace

std::optional<Moment> take_moment(std::string_view& text) {
  std::string_view rest = text;
  const auto day = take_date(rest);
  if (!day) {
    return take_epoch(text);
  }
  if (rest.empty() || (rest[0] != 'T' && rest[0] != ' ' && rest[0] != ':')) {
    return std::nullopt;
  }
  rest.remove_prefix(1);
  const auto clock = take_clock(rest);
  if (!clock) {
    return std::nullopt;
  }
  std::string_view behind = rest;
  if (behind.starts_with(' ')) {
    behind.remove_prefix(1);
  }
  const auto zone = take_zone(behind);
  text = zone ? behind : rest;
  return Moment{.day = *day,
                .second = *clock,
                .offset_minutes = zone.value_or(0),
                .has_zone = zone.has_value()};
}

bool AccessTime::read(const char* text, Moment& moment) {
  if (std::memcmp(text, date_.data(), kDateLength) != 0) {
    std::string_view date(text, kDateLength);
    const auto day = take_date(date);
    if (!day || !date.empty()) {
      return false;
    }
    date_.assign(text, kDateLength);
    day_ = *day;
  }
  constexpr std::size_t kZoneAt = kLength - kZoneLength;
  if (std::memcmp(text + kZoneAt, zone_.data(), kZoneLength) != 0) {
    std::string_view zone(text + kZoneAt, kZoneLength);
    const auto offset = take_zone(zone);
    if (!offset || !zone.empty()) {
      return false;
    }
    zone_.assign(text + kZoneAt, kZoneLength);
    offset_minutes_ = *offset;
  }
  const std::int32_t second = clock_at(std::string_view(text + kDateLength + 1, 8));
  if (second < 0 || text[kDateLength] != ':' || text[kZoneAt - 1] != ' ') {
    return false;
  }
  moment = {.day = day_, .second = second, .offset_minutes = offset_minutes_, .has_zone = true};
  return true;
}

}  // namespace bulkhead::logs
