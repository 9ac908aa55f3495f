#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include <bulkhead/expected.h>

#include "dataset/candidate.h"
#include "dataset/label_table.h"

namespace bulkhead::dataset {

/// Where a word about each picture comes from: its label, or its group.
struct WordSource {
  enum class Kind : std::uint8_t {
    Auto,      ///< the folder, if any picture lies in one; else nothing
    Folder,    ///< labels: the first folder below SRC; groups: the folder it lies in
    FileName,  ///< what the first group of a regular expression matches
    Table,     ///< a column of a table
    Nothing,
  };
  Kind kind = Kind::Auto;
  std::string argument = {};  ///< the regular expression, the file, or the column

  friend bool operator==(const WordSource&, const WordSource&) = default;
};

/// Reads "auto", "dir", "file:REGEX", "csv:FILE" or "none". Errors, for people: anything else, and
/// a bad regular expression (those of ECMAScript).
Expected<WordSource, std::string> parse_labels(std::string_view text);

/// Reads "dir", "csv:COLUMN" or else a regular expression. Errors: those of parse_labels().
Expected<WordSource, std::string> parse_groups(std::string_view text);

/// Whether the first folders below SRC are those of a split, which says nothing about classes.
enum class SplitFolders : std::uint8_t { None, First };

/// Finds the label of each picture.
class Labeller {
 public:
  /// `table` is there where the source is a table, and must outlive it; `column` is that of labels.
  Labeller(const WordSource& source, SplitFolders folders, const LabelTable* table,
           std::size_t column);

  /// Errors, for people: it has none.
  Expected<std::string, std::string> label_of(const Candidate& candidate) const;

 private:
  Expected<std::string, std::string> label_by_folder(const Candidate& candidate) const;

  WordSource::Kind kind_;
  SplitFolders folders_;
  std::optional<std::regex> pattern_;
  const LabelTable* table_;
  std::size_t column_;
};

/// The part of `text` that the first group of the expression matches, or all of it that matches
/// where the expression has no group; nothing when it does not match.
std::optional<std::string> first_match(const std::regex& pattern, const std::string& text);

}  // namespace bulkhead::dataset
