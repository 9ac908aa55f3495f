#pragma once

#include <simdjson.h>

#include "logs/log_format.h"

namespace bulkhead::logs {

/// One JSON object a line, with the names that nginx's variables have, or those of their usual
/// aliases; docs/logs.md lists them. Members that are not known are passed over.
class JsonFormat final : public LogFormat {
 public:
  LineProblem parse(std::string_view line, Request& request) override;
  /// The parser has one place for texts that had to be unescaped.
  bool keeps_requests() const override { return false; }
  std::string_view name() const override { return "json"; }

 private:
  simdjson::dom::parser parser_;
};

}  // namespace bulkhead::logs
