#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "logs/statistics.h"
#include "records/rejection.h"

namespace bulkhead::logs {

/// One table of the report.
struct Section {
  /// Whether a reader looks something up in it, or reads it from the top.
  enum class Kind : std::uint8_t { Lookup, Ranking };
  struct Row {
    std::string key = {};
    Weight weight = {};
  };

  std::string_view name = {};  ///< "not_found"; of the member, the table, the column
  std::string_view title = {};
  std::string_view key_name = {};  ///< "path"
  Kind kind = Kind::Ranking;
  std::uint64_t total = 0;  ///< different keys, of which `rows` may be the first ones only
  std::vector<Row> rows = {};
};

/// All that is told about the logs, ready to be written in any form.
struct Report {
  records::RecordCounts lines = {};
  std::uint64_t bytes = 0;
  std::uint64_t clients = 0;
  std::uint64_t visitors = 0;
  std::uint64_t not_http = 0;
  std::string first = {};  ///< empty: there were no requests
  std::string last = {};
  std::vector<Section> sections = {};
};

/// `top`: rows of each ranking.
Report make_report(const Statistics& statistics, const records::RecordCounts& lines,
                   std::size_t top);

/// For people. Control characters in what the logs say are shown as \x1b.
std::string as_text(const Report& report);
/// One object; docs/logs-output.md has its members.
std::string as_json(const Report& report);
/// Columns section, key, hits, bytes.
std::string as_csv(const Report& report);

}  // namespace bulkhead::logs
