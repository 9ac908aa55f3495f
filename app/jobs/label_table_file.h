#pragma once

#include <string>

#include <bulkhead/expected.h>

#include "dataset/label_table.h"

namespace bulkhead::jobs {

/// Reads a table of labels: CSV with a first record of words, packed or not. Errors: a line for the
/// user.
Expected<dataset::LabelTable, std::string> read_label_table(const std::string& path);

}  // namespace bulkhead::jobs
