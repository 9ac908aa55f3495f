#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <bulkhead/expected.h>

namespace bulkhead::extract {

/// One step of a path.
struct Step {
  enum class Kind : std::uint8_t {
    Name,       ///< a member of an object; a child element
    Below,      ///< an element of that name at any depth
    Each,       ///< all elements of an array
    Index,      ///< one element, from 0
    Attribute,  ///< an attribute; in JSON, a member whose name begins with @
    Parent,     ///< the element around
  };
  Kind kind = Kind::Name;
  std::string name = {};
  std::uint32_t index = 0;

  friend bool operator==(const Step&, const Step&) = default;
};

/// Where rows, or the values of a column, are found; one syntax for JSON and XML.
///   .objects[]        each element of a member          .a.b[2]["odd name"]
///   //planet          elements at any depth             ../name  star/@id  (from a row)
/// Names are separated by '/' if the path begins with '@' or has a '/' outside of quotes, and not
/// if it begins with one '.'; else by '.'. In ["..."] stands any name; there, a backslash takes the
/// character behind it as it is.
using Path = std::vector<Step>;

/// The error says what is wrong.
Expected<Path, std::string> parse_path(std::string_view text);

}  // namespace bulkhead::extract
