#include "extract/xml_rows.h"

#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "extract/element_finder.h"
#include "extract/whole_file.h"
#include "extract/xml_tree.h"

namespace bulkhead::extract {
namespace {

using Names = std::vector<std::string>;
using Elements = ElementFinder::Elements;
using Steps = std::span<const Step>;

Elements children_of(const XmlTree& tree, std::uint32_t parent) {
  Elements children;
  for (std::uint32_t i = parent + 1; i < tree.elements[parent].end; i = tree.elements[i].end) {
    children.push_back(i);
  }
  return children;
}

// A path of rows begins at the root: //planet below it, /system/planet with it.
Elements rows_of(const XmlTree& tree, const Path& rows) {
  if (rows.empty()) {
    return children_of(tree, 0);
  }
  const Step& first = rows.front();
  const bool may_be_root =
      first.kind == Step::Kind::Below ||
      (first.kind == Step::Kind::Name && first.name == tree.elements.front().name);
  return ElementFinder(tree).find(may_be_root ? ElementFinder::kDocument : 0, rows);
}

// The cells of one row after the other.
class CellReader {
 public:
  CellReader(const XmlTree& tree, const std::vector<Column>& columns)
      : tree_(tree), columns_(columns), finder_(tree), row_(columns.size()) {}

  const Row& read(std::uint32_t element) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      row_[i] = cell_of(element, columns_[i].path);
    }
    return row_;
  }

 private:
  Cell cell_of(std::uint32_t row, Steps path) {
    if (!path.empty() && path.back().kind == Step::Kind::Attribute) {
      return attribute_of(finder_.find(row, path.first(path.size() - 1)), path.back().name);
    }
    const Elements& found = finder_.find(row, path);
    return found.empty() ? Cell() : tree_.text_of(found.front());
  }

  Cell attribute_of(const Elements& elements, const std::string& wanted) const {
    for (const std::uint32_t element : elements) {
      for (const auto& [name, value] : tree_.elements[element].attributes) {
        if (name == wanted) {
          return value;
        }
      }
    }
    return std::nullopt;
  }

  const XmlTree& tree_;
  const std::vector<Column>& columns_;
  ElementFinder finder_;
  Row row_;
};

Expected<XmlTree, std::string> read_tree(const std::string& path) {
  const auto text = read_whole(path, 0);
  if (!text) {
    return Unexpected(text.error());
  }
  return parse_xml(*text);
}

}  // namespace

Expected<Names, std::string> xml_names(const std::string& path, const Path& rows) {
  const auto tree = read_tree(path);
  if (!tree) {
    return Unexpected(tree.error());
  }
  Names names;
  std::set<std::string> seen;
  const auto add = [&](const std::string& name) {
    if (seen.insert(name).second) {
      names.push_back(name);
    }
  };
  for (const std::uint32_t row : rows_of(*tree, rows)) {
    for (const auto& [name, value] : tree->elements[row].attributes) {
      add("@" + name);
    }
    for (const std::uint32_t child : children_of(*tree, row)) {
      add(tree->elements[child].name);
    }
  }
  return names;
}

Expected<void, std::string> read_xml(const std::string& path, const Path& rows,
                                     const std::vector<Column>& columns, RowReceiver& receiver) {
  const auto tree = read_tree(path);
  if (!tree) {
    return Unexpected(tree.error());
  }
  CellReader cells(*tree, columns);
  for (const std::uint32_t row : rows_of(*tree, rows)) {
    receiver.on_row(cells.read(row), RowState::Whole);
  }
  return {};
}

}  // namespace bulkhead::extract
