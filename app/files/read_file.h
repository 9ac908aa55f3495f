#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "files/file_error.h"

namespace bulkhead::files {

/// No photo is larger than this; a file that claims to be is refused before memory is taken for it.
inline constexpr std::size_t kMaxFileBytes = std::size_t{1} << 30U;

/// The bytes of a regular file. Never blocks on a FIFO or a terminal, and copes with a file that
/// shrinks or grows meanwhile: what was there when it was read is what comes back.
/// Errors: those of open and read, "is a folder", "is not a regular file", "is larger than 1 GiB".
Expected<std::vector<std::byte>, FileError> read_file(const std::string& path);

/// What comes on an open file, called `name`, until it ends, or the first `most` bytes of it.
/// Errors: those of read.
Expected<std::vector<std::byte>, FileError> read_stream(int file, const std::string& name,
                                                        std::size_t most);

/// All that comes on the standard input. Errors: those of read, "is larger than 1 GiB".
Expected<std::vector<std::byte>, FileError> read_standard_input();

}  // namespace bulkhead::files
