#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "extract/column.h"
#include "extract/quote_state.h"
#include "extract/row_receiver.h"
#include "records/portions.h"

namespace bulkhead::extract {

/// The first record of a CSV file.
struct CsvHeader {
  std::vector<std::string> names = {};  ///< one that was there before gets a number: name_2
  std::uint64_t offset = 0;
};

/// Errors: those of reading it; "the first record has a quote that is not closed".
Expected<CsvHeader, std::string> csv_header(const std::string& path, char separator);

/// Which cells are rows.
enum class CellBytes : std::uint8_t {
  Any,
  Utf8,  ///< a record with another cell among its columns is a bad one
};

/// A part of a CSV file, and what is known about it.
struct CsvPortion {
  records::Portion portion = {};
  char separator = ',';
  QuoteState state = QuoteState::RecordStart;  ///< where it begins
};

/// Gives the rows of a portion to the receiver. A row that is too short is padded, empty fields
/// that are too many are dropped; one with too many that are not empty is a bad record.
/// Errors: those of csv_header; why the reading ended before the end.
Expected<void, std::string> read_csv(const CsvPortion& from, const std::vector<Column>& columns,
                                     CellBytes cells, RowReceiver& receiver);

}  // namespace bulkhead::extract
