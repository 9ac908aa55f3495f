#include "files/file_list.h"

#include <cerrno>
#include <fstream>
#include <iostream>
#include <istream>

namespace bulkhead::files {
namespace {

std::vector<std::string> names_in(std::istream& list, NameEnd end) {
  std::vector<std::string> names;
  for (std::string name; std::getline(list, name, static_cast<char>(end));) {
    if (!name.empty()) {
      names.push_back(name);
    }
  }
  return names;
}

}  // namespace

Expected<std::vector<std::string>, FileError> read_file_list(const std::string& path, NameEnd end) {
  if (path == "-") {
    return names_in(std::cin, end);
  }
  errno = 0;
  std::ifstream list(path, std::ios::binary);
  list.peek();  // A folder opens, but cannot be read.
  if (list.bad() || !list.is_open()) {
    return Unexpected(FileError{path, reason_of(errno)});
  }
  list.clear();
  return names_in(list, end);
}

}  // namespace bulkhead::files
