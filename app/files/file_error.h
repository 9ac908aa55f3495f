#pragma once

#include <string>

namespace bulkhead::files {

/// What stood in the way of reading or writing one file.
struct FileError {
  std::string path;    ///< as the caller named it
  std::string reason;  ///< lower case, no full stop, for people
  int code = 0;        ///< the errno; 0: it was not the system
};

/// Nothing can be written there any more, whatever the file.
bool is_disk_full(const FileError& error);

/// The words of the system for an errno, lower case: "no such file or directory".
std::string reason_of(int error_number);

}  // namespace bulkhead::files
