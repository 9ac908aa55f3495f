#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "extract/column.h"
#include "extract/file_format.h"
#include "extract/quote_state.h"
#include "records/portions.h"
#include "records/rejection.h"

namespace bulkhead::extract {

/// The form of the rows that are made.
enum class RowForm : std::uint8_t { Csv, Tsv, JsonLines, Packed, Described };

/// Whether its texts must be UTF-8; else bytes go through as they are.
constexpr bool needs_utf8(RowForm form) {
  return form == RowForm::JsonLines || form == RowForm::Packed;
}

/// What is asked of every file.
struct ExtractQuery {
  Path rows = {};  ///< empty: the usual rows of the format
  std::vector<Column> columns = {};
  RowForm form = RowForm::Csv;
  bool keeps_rejections = false;  ///< else they are only counted
  GivenFormat given = {};
};

/// What is found out about a file before its rows are read.
struct Survey {
  std::optional<Detected> detected = {};  ///< nothing: it is empty
  std::vector<std::string> columns = {};  ///< in the order of first sight
  std::string problem = {};               ///< why nothing was found out
};

struct SurveyTask {
  records::Batch batch = {};
  Path rows = {};
  GivenFormat given = {};
  bool needs_columns = true;  ///< else only the formats are found out
  bool needs_utf8 = false;    ///< in the names of columns
};
struct SurveyReply {
  std::vector<Survey> files = {};
};
/// Finds out the formats and columns of files; a problem of a file is in its survey.
SurveyReply survey(const SurveyTask& task);

struct ScanTask {
  records::Portion portion = {};
  char separator = ',';
};
struct ScanReply {
  StateMap map = {};
  std::string problem = {};
};
/// What a portion of a CSV file does to the states.
ScanReply scan(const ScanTask& task);

/// A portion, and what is known of the file before it.
struct ExtractPortion {
  records::Portion portion = {};
  std::optional<Detected> detected = {};
  QuoteState state = QuoteState::RecordStart;  ///< of CSV, at `state_at`
  std::uint64_t state_at = 0;                  ///< not behind the portion's begin
};
struct ExtractTask {
  std::vector<ExtractPortion> portions = {};
  ExtractQuery query = {};
  std::string parts_path = {};  ///< for a records::PartWriter, whose parts are of ExtractReply
};

/// What one column has, told for people who do not know the files.
struct ColumnSummary {
  std::uint64_t filled = 0;
  std::uint64_t whole_numbers = 0;  ///< of those filled
  std::uint64_t numbers = 0;        ///< whole ones included
  std::string example = {};         ///< the first
};

/// What became of one portion.
struct PortionRows {
  records::RecordCounts rows = {};
  std::uint64_t padded = 0;
  std::uint64_t trimmed = 0;
  std::vector<records::Rejection> rejections = {};
  std::string problem = {};  ///< why the reading of the file ended before its end
};

/// Rows as they cross for a database: cell after cell, row after row.
struct PackedRows {
  std::string texts = {};
  std::vector<std::uint32_t> lengths = {};  ///< of each cell; kNoCell: there is none
  static constexpr std::uint32_t kNoCell = 0xFFFFFFFF;
};

struct ExtractReply {
  std::vector<PortionRows> portions = {};
  std::string text = {};                    ///< the rows of all portions
  PackedRows packed = {};                   ///< instead, for RowForm::Packed
  std::vector<ColumnSummary> columns = {};  ///< instead, for RowForm::Described
  std::vector<std::uint32_t> absent = {};   ///< places of the columns that no row has
};
/// Makes the rows. Errors are in the reply, which is behind its parts. Throws what PartWriter
/// throws.
ExtractReply extract(const ExtractTask& task);

/// The first line of a CSV or TSV table.
std::string header_line(const std::vector<Column>& columns, RowForm form);

}  // namespace bulkhead::extract
