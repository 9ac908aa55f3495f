#include "records/csv_text.h"

namespace bulkhead::records {

void append_csv_cell(std::string& out, std::string_view cell, char separator) {
  const char special[] = {separator, '"', '\n', '\r'};
  if (cell.find_first_of(std::string_view(special, sizeof special)) == std::string_view::npos) {
    out += cell;
    return;
  }
  out += '"';
  for (const char character : cell) {
    if (character == '"') {
      out += '"';
    }
    out += character;
  }
  out += '"';
}

}  // namespace bulkhead::records
