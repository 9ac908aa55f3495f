#pragma once

#include <string>
#include <string_view>

namespace bulkhead::records {

/// Appends a cell of CSV (RFC 4180): in quotes where it has the separator, a quote or the end of a
/// line.
void append_csv_cell(std::string& out, std::string_view cell, char separator = ',');

}  // namespace bulkhead::records
