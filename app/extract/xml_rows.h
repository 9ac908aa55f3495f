#pragma once

#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "extract/column.h"
#include "extract/row_receiver.h"

namespace bulkhead::extract {

/// The attributes (as @name) and children of all rows, in the order of first sight.
/// Errors: as of read_xml.
Expected<std::vector<std::string>, std::string> xml_names(const std::string& path,
                                                          const Path& rows);

/// Gives the rows of an XML file to the receiver: the elements that `rows` finds from the root on;
/// without it the children of the root. A value is the text of the first element that is found.
/// Errors: why there are no rows at all: those of reading the file, "is no XML: ".
Expected<void, std::string> read_xml(const std::string& path, const Path& rows,
                                     const std::vector<Column>& columns, RowReceiver& receiver);

}  // namespace bulkhead::extract
