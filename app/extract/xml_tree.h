#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <bulkhead/expected.h>

namespace bulkhead::extract {

/// One element of an XML file. Its children are the element behind it, the one behind the end of
/// that, and so on to its own end.
struct XmlElement {
  std::string name = {};
  std::vector<std::pair<std::string, std::string>> attributes = {};
  std::uint32_t parent = 0;  ///< of the root: itself
  std::uint32_t end = 0;     ///< behind the last element in it
  std::size_t text_begin = 0;
  std::size_t text_end = 0;
};

/// An XML file as it is.
struct XmlTree {
  std::vector<XmlElement> elements = {};  ///< in the order of their start tags, the root first
  std::string text = {};                  ///< of the root, with all that is in it

  /// An element's own text and that of all elements in it, spaces around it taken away.
  std::string_view text_of(std::uint32_t element) const;
};

/// Reads what is well-formed and nothing else. Names keep their prefix. Entities that are declared
/// in the file are refused by the parser when they would grow too large; files outside are never
/// read, and what refers to an entity that only they could declare is refused. The error has the
/// line and the column.
Expected<XmlTree, std::string> parse_xml(std::string_view text);

}  // namespace bulkhead::extract
