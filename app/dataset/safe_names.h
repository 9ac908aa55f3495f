#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace bulkhead::dataset {

/// The text as a name that every file system takes and no program misreads: control characters,
/// bytes that are no UTF-8 and any of / \ : * ? " < > | become "_"; so does a leading dot, and no
/// text at all. At most 200 bytes long, so that there is room for a number behind it.
std::string safe_name(std::string_view text);

/// The same as the key of a sample: without dots, as what follows the first one is taken for the
/// kind of the file, and at most 80 bytes long.
std::string safe_key(std::string_view text);

/// Hands out names, each once; those that differ in the case of letters only are the same.
class UniqueNames {
 public:
  /// The name, or the first of name_2, name_3, … that is free.
  std::string take(const std::string& name);

 private:
  // Names in lower case, with the number last given to one like it.
  std::unordered_map<std::string, std::size_t> numbers_;
};

}  // namespace bulkhead::dataset
