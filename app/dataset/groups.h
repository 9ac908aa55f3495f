#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace bulkhead::dataset {

/// Which items belong together.
struct Groups {
  std::vector<std::size_t> group_of = {};  ///< of each item
  std::vector<std::string> ids = {};       ///< of each group: the least text that any of it has
};

/// Puts those together that have a text in common, directly or through others. Each item has at
/// least one text.
Groups group_by_texts(const std::vector<std::vector<std::string>>& texts_of_items);

}  // namespace bulkhead::dataset
