#pragma once

#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "files/file_error.h"

namespace bulkhead::files {

/// What ends each name in a list of files.
enum class NameEnd : char { NewLine = '\n', Null = '\0' };

/// The names in a file, "-" is the standard input; empty ones are left out. Errors: those of the
/// system, also in the midst of the list.
Expected<std::vector<std::string>, FileError> read_file_list(const std::string& path, NameEnd end);

}  // namespace bulkhead::files
