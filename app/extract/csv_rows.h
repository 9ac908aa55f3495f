#pragma once

#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "extract/column.h"
#include "extract/quote_state.h"
#include "extract/row_receiver.h"
#include "records/portions.h"

namespace bulkhead::extract {

/// The words of a CSV file's first record; one that was there before gets a number: name_2.
/// Errors: those of reading it.
Expected<std::vector<std::string>, std::string> csv_header(const std::string& path, char separator);

/// Gives the rows of a portion to the receiver. A row that is too short is padded, empty fields
/// that are too many are dropped; one with too many that are not empty is a bad record.
/// Errors: why the reading ended before the end.
Expected<void, std::string> read_csv(const records::Portion& portion, char separator,
                                     QuoteState state, const std::vector<Column>& columns,
                                     RowReceiver& receiver);

}  // namespace bulkhead::extract
