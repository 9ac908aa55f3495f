#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "logs/log_format.h"

namespace bulkhead::logs {

/// A format that the user describes, in the way of GoAccess: specifiers, and between them the text
/// that is between the fields. A field ends where the text behind its specifier begins.
///
///   %h client   %e user   %v virtual host   %r request line   %m method   %U path   %q query
///   %H protocol   %s status   %b bytes   %R referrer   %u user agent   %d date   %t time of day
///   %x date and time, or seconds since 1970   %T seconds   %L milliseconds   %D microseconds
///   %n nanoseconds   %^ anything   %~ any number of spaces   %% a percent sign
///
/// Texts between quotes end at a quote that has no backslash before it.
class CustomFormat final : public LogFormat {
 public:
  /// The error says what is wrong with the text.
  static Expected<CustomFormat, std::string> parse_text(const std::string& text);

  LineProblem parse(std::string_view line, Request& request) override;
  std::string_view name() const override { return text_; }

 private:
  // One specifier and what ends it; '\0' has no specifier: only text.
  struct Step {
    char specifier = '\0';
    std::string until = {};
  };

  explicit CustomFormat(std::string text) : text_(std::move(text)) {}

  std::string text_;
  std::vector<Step> steps_;
};

}  // namespace bulkhead::logs
