#include "jobs/label_table_file.h"

#include <string>
#include <utility>
#include <vector>

#include "extract/csv_reader.h"

namespace bulkhead::jobs {
namespace {

using dataset::LabelTable;

LabelTable::Row row_of(const extract::CsvRecord& record) {
  return {record.fields.begin(), record.fields.end()};
}

}  // namespace

Expected<LabelTable, std::string> read_label_table(const std::string& path) {
  auto reader = extract::CsvReader::open({.path = path}, ',', extract::QuoteState::RecordStart);
  if (!reader) {
    return Unexpected(path + ": " + reader.error());
  }
  extract::CsvRecord record;
  if (!reader->next(record)) {
    return Unexpected(path + ": " + (reader->problem().empty() ? "is empty" : reader->problem()));
  }
  LabelTable::Row header = row_of(record);
  std::vector<LabelTable::Row> rows;
  while (record.is_closed && reader->next(record)) {
    rows.push_back(row_of(record));
  }
  if (!record.is_closed) {
    return Unexpected(path + ": the record at byte " + std::to_string(record.offset) +
                      " has a quote that is never closed");
  }
  if (!reader->problem().empty()) {
    return Unexpected(path + ": " + reader->problem());
  }
  auto table = LabelTable::make(std::move(header), std::move(rows));
  if (!table) {
    return Unexpected(path + ": " + table.error());
  }
  return table;
}

}  // namespace bulkhead::jobs
