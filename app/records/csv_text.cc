#include "records/csv_text.h"

#include <algorithm>

namespace bulkhead::records {

void append_csv_cell(std::string& out, std::string_view cell, char separator) {
  const auto is_special = [separator](char character) {
    return character == separator || character == '"' || character == '\n' || character == '\r';
  };
  if (std::ranges::none_of(cell, is_special)) {
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
