#include "jobs/record_file.h"

#include <utility>

#include "files/photo_name.h"
#include "records/csv_text.h"

namespace bulkhead::jobs {
namespace {

template <class CellOf>
std::string row_of(std::span<const std::string_view> columns, const CellOf& cell_of) {
  std::string row;
  for (const std::string_view column : columns) {
    records::append_csv_cell(row, cell_of(column));
    row += ',';
  }
  row.back() = '\n';
  return row;
}

}  // namespace

Expected<RecordFile, files::FileError> RecordFile::create(
    const std::string& path, std::span<const std::string_view> columns) {
  auto pending = files::PendingFile::create(path);
  if (!pending) {
    return Unexpected(std::move(pending.error()));
  }
  const bool is_table = files::lower_case_extension(path) == "csv";
  RecordFile file(*std::move(pending), is_table ? columns : std::span<const std::string_view>());
  if (is_table) {
    file.file_.write(row_of(columns, [](std::string_view column) { return column; }));
  }
  return file;
}

void RecordFile::write(const display::JsonRecord& record) {
  if (columns_.empty()) {
    file_.write(record.line() + "\n");
    return;
  }
  file_.write(row_of(columns_, [&record](std::string_view column) { return record.text(column); }));
}

}  // namespace bulkhead::jobs
