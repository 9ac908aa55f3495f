#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <bulkhead/expected.h>

#include "dataset/candidate.h"

namespace bulkhead::dataset {

/// A table that says something of each picture, a row each.
class LabelTable {
 public:
  using Row = std::vector<std::string>;

  /// The first column that is called file, file_name, filename, path or image names the pictures.
  /// Rows that are too short have empty cells. Errors, for people: there is no such column.
  static Expected<LabelTable, std::string> make(Row header, std::vector<Row> rows);

  /// Nothing: there is no such column.
  std::optional<std::size_t> column(std::string_view name) const;
  /// The first column of one of these names.
  std::optional<std::size_t> first_column_of(std::vector<std::string_view> names) const;

  /// Whether it says anything of a picture.
  bool has(const Candidate& candidate) const { return find(candidate) != nullptr; }

  /// The cell of a picture, by its path below SRC, its path as it was given, or its file's name.
  /// Errors, for people: it is not in the table, or there twice with different words.
  Expected<std::string, std::string> cell(const Candidate& candidate, std::size_t column) const;

 private:
  LabelTable(Row header, std::vector<Row> rows, std::size_t name_column);
  const std::vector<std::size_t>* find(const Candidate& candidate) const;

  Row header_;
  std::vector<Row> rows_;
  std::unordered_map<std::string, std::vector<std::size_t>> rows_of_;
};

}  // namespace bulkhead::dataset
