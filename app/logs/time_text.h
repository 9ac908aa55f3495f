#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "logs/request.h"

namespace bulkhead::logs {

/// Days since 1 January 1970 of a date of the Gregorian calendar; nothing for one that is none.
std::optional<std::int32_t> day_number(int year, int month, int day);

/// "2015-05-17"
std::string day_text(std::int32_t day);
/// "09"
std::string hour_text(int hour);
/// "2015-05-17T10:05:03+00:00", without the zone where none is known.
std::string moment_text(const Moment& moment);

/// Each reads from the front of `text`, and takes away what it has read; nothing and an unchanged
/// text when it is not there.
/// 17/May/2015 or 2015-05-17
std::optional<std::int32_t> take_date(std::string_view& text);
/// 10:05:03, a fraction perhaps behind it; seconds of the day
std::optional<std::int32_t> take_clock(std::string_view& text);
/// +0200, +02:00 or Z; minutes east of UTC
std::optional<std::int32_t> take_zone(std::string_view& text);
/// Date and clock with 'T', a space or ':' between them, perhaps a zone; or seconds since 1970,
/// whose zone is UTC.
std::optional<Moment> take_moment(std::string_view& text);

/// Reads the time of access logs, "17/May/2015:10:05:03 +0000", and is quick where one resembles
/// the one before.
class AccessTime {
 public:
  static constexpr std::size_t kLength = 26;

  /// `text` has kLength bytes or more.
  bool read(const char* text, Moment& moment);

 private:
  static constexpr std::size_t kDateLength = 11;
  static constexpr std::size_t kZoneLength = 5;

  std::string date_ = "01/Jan/1970";
  std::int32_t day_ = 0;
  std::string zone_ = "+0000";
  std::int32_t offset_minutes_ = 0;
};

}  // namespace bulkhead::logs
