#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <bulkhead/expected.h>

#include "logs/log_format.h"

namespace bulkhead::logs {

/// The format of a name ("combined", ...) or, if it has a '%', a format string as GoAccess has
/// them. The error says what is wrong with it.
Expected<std::unique_ptr<LogFormat>, std::string> make_format(const std::string& text);

/// The names that make_format() knows.
std::vector<std::string> format_names();

/// Finds out what the lines of a file are written in: the format that reads most of those lines
/// that any reads.
class FormatDetector {
 public:
  FormatDetector();

  /// kReadablePadding bytes behind the line can be read.
  void add(std::string_view line);
  /// A format has read so many lines that more would change nothing.
  bool is_sure() const;
  /// Nothing when no format reads any line. The last call.
  std::unique_ptr<LogFormat> best();

 private:
  struct Candidate {
    std::unique_ptr<LogFormat> format;
    std::size_t lines = 0;  // that it reads
  };

  std::vector<Candidate> candidates_;
};

}  // namespace bulkhead::logs
