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
  /// line can be read. Views of the request last as long as the line, and until the next call.
  virtual LineProblem parse(std::string_view line, Request& request) = 0;

  /// Views of a request last as long as its line, whatever is parsed next.
  virtual bool keeps_requests() const { return true; }

  /// For people: "combined".
  virtual std::string_view name() const = 0;
};

}  // namespace bulkhead::logs
