#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <bulkhead/expected.h>

#include "records/sqlite_file.h"

namespace bulkhead::jobs {

/// Whether a file can be written at `path`, before much is read for it; makes the folders that are
/// missing on the way. Errors: a line for the user. Without a path there is nothing to check.
Expected<void, std::string> check_output(const std::string& path);

/// Writes a text to a file that appears when it is whole; without a path to the standard output.
/// Errors: a line for the user.
Expected<void, std::string> write_text(const std::string& path, std::string_view text);

/// Writes a database to a file that appears when it is whole. Errors: a line for the user.
Expected<void, std::string> write_database(
    const std::string& path, const std::function<void(records::SqliteFile& database)>& fill);

}  // namespace bulkhead::jobs
