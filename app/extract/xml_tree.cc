#include "extract/xml_tree.h"

#include <expat.h>

#include <memory>
#include <type_traits>

namespace bulkhead::extract {
namespace {

// Deeper ones are refused: each level is a level of the stack of who walks the tree.
constexpr std::size_t kMaxDepth = 1000;

std::string trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) {
    return {};
  }
  return std::string(text.substr(first, text.find_last_not_of(kSpaces) - first + 1));
}

class TreeBuilder {
 public:
  explicit TreeBuilder(XML_Parser parser) : parser_(parser) {}

  void start(const char* name, const char** attributes) {
    const auto place = static_cast<std::uint32_t>(tree_.size());
    XmlElement element{.name = name, .parent = open_.empty() ? place : open_.back()};
    for (; *attributes != nullptr; attributes += 2) {
      element.attributes.emplace_back(attributes[0], attributes[1]);
    }
    if (!open_.empty()) {
      tree_[open_.back()].children.push_back(place);
    }
    tree_.push_back(std::move(element));
    open_.push_back(place);
    if (open_.size() > kMaxDepth) {
      is_too_deep_ = true;
      ::XML_StopParser(parser_, XML_FALSE);
    }
  }

  void end() {
    XmlElement& element = tree_[open_.back()];
    open_.pop_back();
    if (!open_.empty()) {
      tree_[open_.back()].text += element.text;
    }
    element.text = trimmed(element.text);
  }

  void add_text(std::string_view text) { tree_[open_.back()].text += text; }

  bool is_too_deep() const { return is_too_deep_; }
  XmlTree take() { return std::move(tree_); }

 private:
  XML_Parser parser_;
  XmlTree tree_;
  std::vector<std::uint32_t> open_;  // from the root down
  bool is_too_deep_ = false;
};

TreeBuilder& builder(void* data) {
  return *static_cast<TreeBuilder*>(data);
}

void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
  builder(data).start(name, attributes);
}

void on_end(void* data, const XML_Char*) {
  builder(data).end();
}

void on_text(void* data, const XML_Char* text, int length) {
  builder(data).add_text({text, static_cast<std::size_t>(length)});
}

struct FreeParser {
  void operator()(XML_Parser parser) const { ::XML_ParserFree(parser); }
};

std::string problem_of(XML_Parser parser, const TreeBuilder& tree) {
  const char* const words = tree.is_too_deep() ? "more than 1000 elements one in another"
                                               : ::XML_ErrorString(::XML_GetErrorCode(parser));
  return "is no XML: " + std::string(words) + " at line " +
         std::to_string(::XML_GetCurrentLineNumber(parser)) + ", column " +
         std::to_string(::XML_GetCurrentColumnNumber(parser) + 1);
}

}  // namespace

Expected<XmlTree, std::string> parse_xml(std::string_view text) {
  const std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser> parser(
      ::XML_ParserCreate(nullptr));
  TreeBuilder tree(parser.get());
  ::XML_SetUserData(parser.get(), &tree);
  ::XML_SetElementHandler(parser.get(), on_start, on_end);
  ::XML_SetCharacterDataHandler(parser.get(), on_text);
  // Expat counts in int.
  constexpr std::size_t kPiece = std::size_t{16} << 20U;
  bool is_last = false;
  while (!is_last) {
    const std::string_view piece = text.substr(0, kPiece);
    text.remove_prefix(piece.size());
    is_last = text.empty();
    if (::XML_Parse(parser.get(), piece.data(), static_cast<int>(piece.size()), is_last) !=
        XML_STATUS_OK) {
      return Unexpected(problem_of(parser.get(), tree));
    }
  }
  return tree.take();
}

}  // namespace bulkhead::extract
