#include "extract/declared_entities.h"

#include <algorithm>

namespace bulkhead::extract {

void DeclaredEntities::declare(const std::string& name, std::string_view value) {
  if (!missing_in(value)) {
    names_.insert(name);
  }
}

std::optional<std::string> DeclaredEntities::missing_in(std::string_view bytes) const {
  for (std::size_t at = bytes.find('&'); at != std::string_view::npos; at = bytes.find('&', at)) {
    ++at;
    std::string name(bytes.substr(at, bytes.find(';', at) - at));
    std::erase(name, '\0');  // Of ASCII in UTF-16.
    if (!name.starts_with('#') && !names_.contains(name)) {
      return name;
    }
  }
  return std::nullopt;
}

}  // namespace bulkhead::extract
