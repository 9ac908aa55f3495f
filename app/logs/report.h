#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "logs/statistics.h"
#include "records/rejection.h"
#include "records/sqlite_file.h"

namespace bulkhead::logs {

/// One figure or text; monostate: there is none, for lack of requests.
struct Fact {
  std::string_view name = {};  ///< "not_http"
  std::variant<std::monostate, std::uint64_t, double, std::string> value = {};
};

/// Facts that belong together.
struct FactGroup {
  std::string_view name = {};   ///< of the member, or the table
  std::string_view title = {};  ///< for people
  std::vector<Fact> facts = {};
};

/// One table of the report.
struct Section {
  /// Whether a reader looks something up in it, or reads it from the top.
  enum class Kind : std::uint8_t { Lookup, Ranking };
  struct Row {
    std::vector<std::string> keys = {};  ///< as many as there are key names
    Weight weight = {};
  };

  std::string_view name = {};  ///< "not_found"; of the member, or the table
  std::string_view title = {};
  std::vector<std::string> key_names = {};  ///< "path"
  Kind kind = Kind::Ranking;
  std::uint64_t total = 0;  ///< different keys, of which `rows` may be the first ones only
  std::vector<Row> rows = {};
};

/// All that is told about the logs, ready to be written in any form.
struct Report {
  std::vector<FactGroup> groups = {};
  std::vector<Section> sections = {};
};

/// Of settled statistics. `by`: the fields that requests were grouped by, if any.
Report make_report(const Statistics& statistics, const records::RecordCounts& lines,
                   const std::vector<Field>& by = {});

/// For people. Control characters in what the logs say are shown as \x1b.
std::string as_text(const Report& report);
/// One object; docs/logs.md has its members.
std::string as_json(const Report& report);
/// Columns section, key, hits, bytes; the value of a fact is under hits.
std::string as_csv(const Report& report);
/// A table for each group and section.
void write_sqlite(const Report& report, records::SqliteFile& database);

}  // namespace bulkhead::logs
