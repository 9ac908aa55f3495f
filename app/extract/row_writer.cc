#include "extract/row_writer.h"

#include <charconv>
#include <numeric>
#include <utility>

#include "records/csv_text.h"

namespace bulkhead::extract {
namespace {

// A text of JSON.
void append_json_text(std::string& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr unsigned char kFirstPrintable = 0x20;
  out += '"';
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (character == '"' || character == '\\') {
      out += '\\';
      out += character;
    } else if (character == '\n') {
      out += "\\n";
    } else if (byte < kFirstPrintable) {
      out += "\\u00";
      out += kDigits[byte / 16U];
      out += kDigits[byte % 16U];
    } else {
      out += character;
    }
  }
  out += '"';
}

// Of a row that has no other cell, an empty line would be no row for who reads it.
constexpr std::string_view kEmptyAlone = "\"\"";

template <class Number>
bool is_number(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stopped == end;
}

}  // namespace

RowWriter::RowWriter(const ExtractQuery& query, ExtractReply& reply, records::PartWriter& parts)
    : query_(query), reply_(reply), parts_(parts) {
  for (const Column& column : query.columns) {
    append_json_text(json_names_.emplace_back(), column.name);
    json_names_.back() += ':';
  }
  reply.absent.resize(query.columns.size());
  std::iota(reply.absent.begin(), reply.absent.end(), 0U);
  if (query.form == RowForm::Described) {
    reply.columns.resize(query.columns.size());
  }
}

void RowWriter::begin(const records::Portion& portion, PortionRows& rows) {
  portion_ = &portion;
  rows_ = &rows;
}

void RowWriter::on_row(const Row& row, RowState state) {
  ++rows_->rows.in;
  ++rows_->rows.out;
  rows_->padded += state == RowState::Padded ? 1 : 0;
  rows_->trimmed += state == RowState::Trimmed ? 1 : 0;
  rows_->rows.repaired += state == RowState::Whole ? 0 : 1;
  std::erase_if(reply_.absent, [&row](std::uint32_t column) { return row[column].has_value(); });
  write(row);
  put_down_if_large();
}

void RowWriter::write(const Row& row) {
  switch (query_.form) {
    case RowForm::Csv:
      return write_separated(row, ',');
    case RowForm::Tsv:
      return write_separated(row, '\t');
    case RowForm::JsonLines:
      return write_json(row);
    case RowForm::Packed:
      return pack(row);
    case RowForm::Described:
      return describe(row);
  }
}

void RowWriter::on_bad_record(const BadRecord& record) {
  ++rows_->rows.in;
  ++rows_->rows.rejected;
  if (query_.keeps_rejections) {
    rows_->rejections.push_back({.file = portion_->file,
                                 .number = rows_->rows.in,
                                 .offset = record.offset,
                                 .reason = record.reason,
                                 .raw = std::string(record.raw)});
    rejected_bytes_ += sizeof(records::Rejection) + record.raw.size();
    put_down_if_large();
  }
}

void RowWriter::put_down_if_large() {
  const std::size_t bytes = reply_.text.size() + reply_.packed.texts.size() +
                            reply_.packed.lengths.size() * sizeof(std::uint32_t) + rejected_bytes_;
  if (bytes < records::kPartBytes || !parts_.is_open()) {
    return;
  }
  ExtractReply part{.text = std::exchange(reply_.text, {}),
                    .packed = std::exchange(reply_.packed, {}),
                    .absent = reply_.absent};
  // What is described is summed up to the end.
  for (PortionRows& rows : reply_.portions) {
    part.portions.push_back(std::exchange(rows, {}));
  }
  parts_.add(part);
  rejected_bytes_ = 0;
}

void RowWriter::write_separated(const Row& row, char separator) {
  std::string& out = reply_.text;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i != 0) {
      out += separator;
    }
    if (row[i]) {
      records::append_csv_cell(out, *row[i], separator);
    }
  }
  if (row.size() == 1 && row.front().value_or("").empty()) {
    out += kEmptyAlone;
  }
  out += '\n';
}

void RowWriter::write_json(const Row& row) {
  std::string& out = reply_.text;
  out += '{';
  bool is_first = true;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i]) {
      out += is_first ? "" : ",";
      is_first = false;
      out += json_names_[i];
      append_json_text(out, *row[i]);
    }
  }
  out += "}\n";
}

void RowWriter::pack(const Row& row) {
  for (const Cell& cell : row) {
    reply_.packed.lengths.push_back(cell ? static_cast<std::uint32_t>(cell->size())
                                         : PackedRows::kNoCell);
    reply_.packed.texts += cell.value_or(std::string_view());
  }
}

void RowWriter::describe(const Row& row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!row[i] || row[i]->empty()) {
      continue;
    }
    ColumnSummary& column = reply_.columns[i];
    constexpr std::size_t kExampleBytes = 60;
    if (column.filled++ == 0) {
      column.example = row[i]->substr(0, kExampleBytes);
    }
    const bool is_whole = is_number<std::int64_t>(*row[i]);
    column.whole_numbers += is_whole ? 1 : 0;
    column.numbers += is_whole || is_number<double>(*row[i]) ? 1 : 0;
  }
}

std::string header_line(const std::vector<Column>& columns, RowForm form) {
  const char separator = form == RowForm::Tsv ? '\t' : ',';
  std::string line;
  for (const Column& column : columns) {
    line += &column == &columns.front() ? "" : std::string(1, separator);
    records::append_csv_cell(line, column.name, separator);
  }
  if (columns.size() == 1 && line.empty()) {
    line = kEmptyAlone;
  }
  return line + "\n";
}

}  // namespace bulkhead::extract
