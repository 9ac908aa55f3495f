#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <bulkhead/expected.h>

#include "extract/path.h"

namespace bulkhead::extract {

/// A column of the table that is made.
struct Column {
  std::string name = {};
  std::string text = {};  ///< where it is found, as it is written
  Path path = {};         ///< the same, for JSON and XML

  /// The same for CSV: the word of the header.
  std::string_view word() const;
  /// What parse_column makes it of.
  std::string argument() const;
};

/// The column of a name that a file has: any word, any member, an attribute as @name.
Column column_of(const std::string& name);

/// The column that NAME=PATH asks for, or a PATH alone, which is its own name. Errors: of the path.
Expected<Column, std::string> parse_column(const std::string& text);

}  // namespace bulkhead::extract
