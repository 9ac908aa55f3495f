#include "dataset/label_table.h"

#include <algorithm>
#include <utility>

namespace bulkhead::dataset {

Expected<LabelTable, std::string> LabelTable::make(Row header, std::vector<Row> rows) {
  LabelTable unnamed(std::move(header), {}, 0);
  const auto names = unnamed.first_column_of({"file", "file_name", "filename", "path", "image"});
  if (!names) {
    return Unexpected(std::string("has no column file, file_name, filename, path or image"));
  }
  return LabelTable(std::move(unnamed.header_), std::move(rows), *names);
}

LabelTable::LabelTable(Row header, std::vector<Row> rows, std::size_t name_column)
    : header_(std::move(header)), rows_(std::move(rows)) {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    rows_[i].resize(header_.size());
    rows_of_[rows_[i][name_column]].push_back(i);
  }
}

std::optional<std::size_t> LabelTable::column(std::string_view name) const {
  const auto found = std::ranges::find(header_, name);
  return found == header_.end() ? std::nullopt
                                : std::optional(static_cast<std::size_t>(found - header_.begin()));
}

std::optional<std::size_t> LabelTable::first_column_of(std::vector<std::string_view> names) const {
  for (const std::string_view name : names) {
    if (const auto found = column(name)) {
      return found;
    }
  }
  return std::nullopt;
}

const std::vector<std::size_t>* LabelTable::find(const Candidate& candidate) const {
  for (const std::string& name :
       {candidate.name(), candidate.path, std::string(candidate.file_name())}) {
    if (const auto found = rows_of_.find(name); found != rows_of_.end()) {
      return &found->second;
    }
  }
  return nullptr;
}

Expected<std::string, std::string> LabelTable::cell(const Candidate& candidate,
                                                    std::size_t column) const {
  const auto* const rows = find(candidate);
  if (rows == nullptr) {
    return Unexpected(std::string("is not in the table of labels"));
  }
  const std::string& first = rows_[rows->front()][column];
  for (const std::size_t row : *rows) {
    if (rows_[row][column] != first) {
      return Unexpected("is in the table of labels as " + first + " and as " + rows_[row][column]);
    }
  }
  return first;
}

}  // namespace bulkhead::dataset
