#pragma once

#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "extract/column.h"
#include "extract/row_receiver.h"
#include "records/portions.h"

namespace bulkhead::extract {

/// The names of the members of all rows that are objects, in the order of first sight.
/// Errors: as of read_json.
Expected<std::vector<std::string>, std::string> json_names(const std::string& path,
                                                           const Path& rows);

/// Gives the rows of a JSON document to the receiver: what `rows` finds; without it the elements of
/// the top array, or the top value itself. Text is given without its quotes and escapes, null as
/// nothing, anything else in JSON.
/// Errors: why there are no rows at all: those of reading the file, "is no JSON: ".
Expected<void, std::string> read_json(const std::string& path, const Path& rows,
                                      const std::vector<Column>& columns, RowReceiver& receiver);

/// The same for a document on each line of a portion; each line by itself is a row, or has rows.
/// The names are those before what cannot be read, if there are any.
Expected<std::vector<std::string>, std::string> json_lines_names(const records::Portion& portion,
                                                                 const Path& rows);
Expected<void, std::string> read_json_lines(const records::Portion& portion, const Path& rows,
                                            const std::vector<Column>& columns,
                                            RowReceiver& receiver);

}  // namespace bulkhead::extract
