#pragma once

#include <string>
#include <vector>

#include "extract/path.h"

namespace bulkhead::extract {

/// A column of the table that is made.
struct Column {
  std::string name = {};
  std::string text = {};  ///< where it is found, as it is written: the header's word of CSV
  Path path = {};         ///< the same, for JSON and XML
};

}  // namespace bulkhead::extract
