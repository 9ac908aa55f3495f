#pragma once

#include <string_view>

#include "logs/line_problem.h"
#include "logs/request.h"

namespace bulkhead::logs {

/// How the lines of a log are written.
class LogFormat {
 public:
  virtual ~LogFormat() = default;

  /// Reads one line, any bytes, into a Request as it is made. kReadablePadding bytes behind the
  /// line can be read. Views of the request last until the next call, or as long as the line.
  virtual LineProblem parse(std::string_view line, Request& request) = 0;

  /// For people: "combined".
  virtual std::string_view name() const = 0;
};

}  // namespace bulkhead::logs
