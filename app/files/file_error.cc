#include "files/file_error.h"

#include <cerrno>
#include <system_error>

namespace bulkhead::files {

std::string reason_of(int error_number) {
  std::string words = std::generic_category().message(error_number);
  // Only an initial capital of a sentence is lowered, not that of an abbreviation ("RFS specific").
  if (words.size() > 1 && words[0] >= 'A' && words[0] <= 'Z' && words[1] >= 'a') {
    words[0] = static_cast<char>(words[0] - 'A' + 'a');
  }
  return words;
}

bool is_disk_full(const FileError& error) {
  return error.code == ENOSPC || error.code == EDQUOT;
}

}  // namespace bulkhead::files
