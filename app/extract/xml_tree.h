#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <bulkhead/expected.h>

namespace bulkhead::extract {

/// One element of an XML file.
struct XmlElement {
  std::string name = {};
  std::string text = {};  ///< its own and that of all elements in it, spaces around it taken away
  std::vector<std::pair<std::string, std::string>> attributes = {};
  std::uint32_t parent = 0;  ///< of the root: itself
  std::vector<std::uint32_t> children = {};
};

/// An XML file as it is: elements in the order of their start tags, the root first.
using XmlTree = std::vector<XmlElement>;

/// Reads what is well-formed and nothing else. Names keep their prefix. Entities that are declared
/// in the file are refused by the parser when they would grow too large; files outside are never
/// read. The error has the line and the column.
Expected<XmlTree, std::string> parse_xml(std::string_view text);

}  // namespace bulkhead::extract
