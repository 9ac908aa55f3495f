#include "logs/report.h"
#include "records/csv_text.h"
#include "records/sqlite_file.h"

namespace bulkhead::logs {
namespace {

using records::SqlValue;

struct FactCell {
  std::string operator()(std::monostate) const { return {}; }
  std::string operator()(std::uint64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const { return std::to_string(number); }
  std::string operator()(const std::string& text) const { return text; }
};

struct FactValue {
  SqlValue operator()(std::monostate) const { return {}; }
  SqlValue operator()(std::uint64_t number) const { return static_cast<std::int64_t>(number); }
  SqlValue operator()(double number) const { return number; }
  SqlValue operator()(const std::string& text) const { return std::string_view(text); }
};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

void write_section(const Section& section, records::SqliteFile& database) {
  std::vector<std::string> columns = section.key_names;
  std::vector<std::string_view> types(columns.size(), "TEXT");
  columns.insert(columns.end(), {"hits", "bytes"});
  types.insert(types.end(), {"INTEGER", "INTEGER"});
  database.create_table(section.name, columns, types);
  for (const Section::Row& row : section.rows) {
    std::vector<SqlValue> values;
    for (const std::string& key : row.keys) {
      values.emplace_back(std::string_view(key));
    }
    values.emplace_back(static_cast<std::int64_t>(row.weight.hits));
    values.emplace_back(static_cast<std::int64_t>(row.weight.bytes));
    database.insert(values);
  }
}

}  // namespace

std::string as_csv(const Report& report) {
  std::string text = "section,key,hits,bytes\n";
  for (const FactGroup& group : report.groups) {
    for (const Fact& fact : group.facts) {
      text += std::string(group.name) + "," + std::string(fact.name) + "," +
              std::visit(FactCell(), fact.value) + ",\n";
    }
  }
  for (const Section& section : report.sections) {
    for (const Section::Row& row : section.rows) {
      text += std::string(section.name) + ",";
      records::append_csv_cell(text, joined(row.keys));
      text += "," + std::to_string(row.weight.hits) + "," + std::to_string(row.weight.bytes) + "\n";
    }
  }
  return text;
}

void write_sqlite(const Report& report, records::SqliteFile& database) {
  for (const FactGroup& group : report.groups) {
    database.create_table(group.name, {"name", "value"}, {"TEXT", ""});
    for (const Fact& fact : group.facts) {
      database.insert({fact.name, std::visit(FactValue(), fact.value)});
    }
  }
  for (const Section& section : report.sections) {
    write_section(section, database);
  }
}

}  // namespace bulkhead::logs
