#pragma once

#include <cstdint>
#include <string_view>

namespace bulkhead::logs {

/// A time of day in the zone of whoever wrote it, which the text need not tell.
struct Moment {
  std::int32_t day = 0;             ///< days since 1 January 1970 in that zone
  std::int32_t second = 0;          ///< of that day
  std::int32_t offset_minutes = 0;  ///< of the zone, east of UTC; 0 where none is known
  bool has_zone = false;

  std::int64_t local_seconds() const {
    constexpr std::int64_t kSecondsPerDay = 86400;
    return day * kSecondsPerDay + second;
  }
  std::int64_t utc_seconds() const {
    constexpr std::int64_t kSecondsPerMinute = 60;
    return local_seconds() - offset_minutes * kSecondsPerMinute;
  }
  friend bool operator==(const Moment&, const Moment&) = default;
};

/// One request as a line of a log tells it. Texts are views of that line.
struct Request {
  static constexpr std::int64_t kNoDuration = -1;

  std::string_view vhost = {};
  std::string_view client = {};
  std::string_view user = {};
  std::string_view method = {};
  std::string_view path = {};  ///< with its query; the whole request where that is no HTTP
  std::string_view protocol = {};
  std::string_view referrer = {};
  std::string_view agent = {};
  Moment time = {};
  int status = 0;
  std::uint64_t bytes = 0;
  std::int64_t microseconds = kNoDuration;  ///< that it took to serve
  bool is_http = true;                      ///< the request is METHOD PATH HTTP/VERSION
  bool is_repaired = false;                 ///< the line was odd, but nothing is in doubt
};

}  // namespace bulkhead::logs
