#include "extract/xml_tree.h"

#include <expat.h>

#include <memory>
#include <type_traits>

#include "extract/declared_entities.h"

namespace bulkhead::extract {
namespace {

// Makes the tree of what the parser tells.
class TreeBuilder {
 public:
  TreeBuilder(XML_Parser parser, std::string_view file) : parser_(parser), file_(file) {}

  void start(const char* name, const char** attributes) {
    if (has_doctype_ && *attributes != nullptr) {
      check_references();
    }
    const auto place = static_cast<std::uint32_t>(tree_.elements.size());
    XmlElement element{.name = name,
                       .parent = open_.empty() ? place : open_.back(),
                       .text_begin = tree_.text.size()};
    for (; *attributes != nullptr; attributes += 2) {
      element.attributes.emplace_back(attributes[0], attributes[1]);
    }
    tree_.elements.push_back(std::move(element));
    open_.push_back(place);
  }

  void end() {
    XmlElement& element = tree_.elements[open_.back()];
    element.end = static_cast<std::uint32_t>(tree_.elements.size());
    element.text_end = tree_.text.size();
    open_.pop_back();
  }

  void add_text(std::string_view text) { tree_.text += text; }

  void start_doctype() { has_doctype_ = true; }
  void declare(const std::string& name, std::string_view value) { entities_.declare(name, value); }

  // Stops the parser, which would go on without the entity.
  void refuse_entity(const std::string& name) {
    problem_ = "&" + name + "; is not declared in the file";
    ::XML_StopParser(parser_, XML_FALSE);
  }

  // Why the parser was stopped; empty: it was not.
  const std::string& problem() const { return problem_; }
  XmlTree take() { return std::move(tree_); }

 private:
  // Those in the attributes of the tag, as it stands in the file.
  void check_references() {
    const auto begin = static_cast<std::size_t>(::XML_GetCurrentByteIndex(parser_));
    const auto bytes = static_cast<std::size_t>(::XML_GetCurrentByteCount(parser_));
    if (const auto missing = entities_.missing_in(file_.substr(begin, bytes))) {
      refuse_entity(*missing);
    }
  }

  XML_Parser parser_;
  std::string_view file_;
  XmlTree tree_;
  std::vector<std::uint32_t> open_;  // from the root down
  bool has_doctype_ = false;
  DeclaredEntities entities_;
  std::string problem_;
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

void on_doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
  builder(data).start_doctype();
}

void on_entity(void* data, const XML_Char* name, int is_parameter, const XML_Char* value,
               int length, const XML_Char*, const XML_Char*, const XML_Char*, const XML_Char*) {
  if (is_parameter == 0 && value != nullptr) {
    builder(data).declare(name, {value, static_cast<std::size_t>(length)});
  }
}

void on_skipped_entity(void* data, const XML_Char* name, int is_parameter) {
  if (is_parameter == 0) {
    builder(data).refuse_entity(name);
  }
}

// Without this one, expat leaves out what another file has.
int on_external_entity(XML_Parser, const XML_Char*, const XML_Char*, const XML_Char*,
                       const XML_Char*) {
  return XML_STATUS_ERROR;
}

struct FreeParser {
  void operator()(XML_Parser parser) const { ::XML_ParserFree(parser); }
};

void set_handlers(XML_Parser parser, TreeBuilder& tree) {
  ::XML_SetUserData(parser, &tree);
  ::XML_SetElementHandler(parser, on_start, on_end);
  ::XML_SetCharacterDataHandler(parser, on_text);
  ::XML_SetStartDoctypeDeclHandler(parser, on_doctype);
  ::XML_SetEntityDeclHandler(parser, on_entity);
  ::XML_SetSkippedEntityHandler(parser, on_skipped_entity);
  ::XML_SetExternalEntityRefHandler(parser, on_external_entity);
}

std::string problem_of(XML_Parser parser, const TreeBuilder& tree) {
  const std::string words =
      tree.problem().empty() ? ::XML_ErrorString(::XML_GetErrorCode(parser)) : tree.problem();
  return "is no XML: " + words + " at line " + std::to_string(::XML_GetCurrentLineNumber(parser)) +
         ", column " + std::to_string(::XML_GetCurrentColumnNumber(parser) + 1);
}

}  // namespace

std::string_view XmlTree::text_of(std::uint32_t element) const {
  constexpr std::string_view kSpaces = " \t\r\n";
  const std::size_t begin = elements[element].text_begin;
  const std::string_view all =
      std::string_view(text).substr(begin, elements[element].text_end - begin);
  const std::size_t first = all.find_first_not_of(kSpaces);
  return first == std::string_view::npos
             ? std::string_view()
             : all.substr(first, all.find_last_not_of(kSpaces) - first + 1);
}

Expected<XmlTree, std::string> parse_xml(std::string_view text) {
  const std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser> parser(
      ::XML_ParserCreate(nullptr));
  TreeBuilder tree(parser.get(), text);
  set_handlers(parser.get(), tree);
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
