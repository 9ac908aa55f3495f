#pragma once

#include <string>

namespace bulkhead::files {

/// What stood in the way of reading or writing one file.
struct FileError {
  std::string path;    ///< as the caller named it
  std::string reason;  ///< lower case, no full stop, for people
};

/// The words of the system for an errno, lower case: "no such file or directory".
std::string reason_of(int error_number);

}  // namespace bulkhead::files
