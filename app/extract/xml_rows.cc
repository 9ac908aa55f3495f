#include "extract/xml_rows.h"

#include <algorithm>
#include <functional>
#include <set>
#include <span>
#include <utility>

#include "extract/whole_file.h"
#include "extract/xml_tree.h"

namespace bulkhead::extract {
namespace {

using Names = std::vector<std::string>;
using Steps = std::span<const Step>;
// False: no more are wanted.
using OnElement = std::function<bool(std::uint32_t element)>;

class Walker {
 public:
  explicit Walker(const XmlTree& tree) : tree_(tree) {}

  // Calls found() for each element that the path leads to, in the order of the file.
  bool walk(std::uint32_t from, Steps path, const OnElement& found) const {
    if (path.empty()) {
      return found(from);
    }
    const Step& step = path.front();
    switch (step.kind) {
      case Step::Kind::Name:
        return walk_children(from, path, found);
      case Step::Kind::Below:
        return walk_below(from, path, found);
      case Step::Kind::Parent:
        return walk(tree_[from].parent, path.subspan(1), found);
      case Step::Kind::Index:
      case Step::Kind::Each:
      case Step::Kind::Attribute:
        return true;  // No elements.
    }
    return true;
  }

 private:
  bool walk_children(std::uint32_t from, Steps path, const OnElement& found) const {
    // [] and [n] behind a name choose among the elements of that name.
    const bool has_index = path.size() > 1 && path[1].kind == Step::Kind::Index;
    const bool has_each = path.size() > 1 && path[1].kind == Step::Kind::Each;
    const Steps rest = path.subspan(has_index || has_each ? 2 : 1);
    std::uint32_t index = 0;
    for (const std::uint32_t child : tree_[from].children) {
      if (tree_[child].name == path.front().name && (!has_index || index++ == path[1].index) &&
          !walk(child, rest, found)) {
        return false;
      }
    }
    return true;
  }

  bool walk_below(std::uint32_t from, Steps path, const OnElement& found) const {
    return std::ranges::all_of(tree_[from].children, [&](std::uint32_t child) {
      const bool is_it = tree_[child].name == path.front().name;
      return (!is_it || walk(child, path.subspan(1), found)) && walk_below(child, path, found);
    });
  }

  const XmlTree& tree_;
};

// A path of rows begins at the root: //planet below it, /system/planet with it.
void walk_rows(const XmlTree& tree, const Path& rows, const OnElement& found) {
  const Walker walker(tree);
  if (rows.empty()) {
    static_cast<void>(std::ranges::all_of(tree.front().children, found));
    return;
  }
  Steps path = rows;
  const bool names_root =
      path.front().kind != Step::Kind::Parent && path.front().name == tree.front().name;
  if (names_root && path.front().kind == Step::Kind::Below) {
    walker.walk(0, path.subspan(1), found);
  } else if (names_root) {
    path = path.subspan(1);
  }
  walker.walk(0, path, found);
}

Cell cell_of(const XmlTree& tree, std::uint32_t row, const Path& path) {
  const bool has_attribute = !path.empty() && path.back().kind == Step::Kind::Attribute;
  const Steps elements = Steps(path).first(path.size() - (has_attribute ? 1 : 0));
  Cell cell;
  Walker(tree).walk(row, elements, [&](std::uint32_t element) {
    if (!has_attribute) {
      cell = tree[element].text;
      return false;
    }
    for (const auto& [name, value] : tree[element].attributes) {
      if (name == path.back().name) {
        cell = value;
      }
    }
    return !cell;
  });
  return cell;
}

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
  walk_rows(*tree, rows, [&](std::uint32_t row) {
    for (const auto& [name, value] : (*tree)[row].attributes) {
      add("@" + name);
    }
    for (const std::uint32_t child : (*tree)[row].children) {
      add((*tree)[child].name);
    }
    return true;
  });
  return names;
}

Expected<void, std::string> read_xml(const std::string& path, const Path& rows,
                                     const std::vector<Column>& columns, RowReceiver& receiver) {
  const auto tree = read_tree(path);
  if (!tree) {
    return Unexpected(tree.error());
  }
  Row row(columns.size());
  walk_rows(*tree, rows, [&](std::uint32_t element) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      row[i] = cell_of(*tree, element, columns[i].path);
    }
    receiver.on_row(row, RowState::Whole);
    return true;
  });
  return {};
}

}  // namespace bulkhead::extract
