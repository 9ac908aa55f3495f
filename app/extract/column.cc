#include "extract/column.h"

#include <utility>

namespace bulkhead::extract {
namespace {

constexpr std::string_view kOpening = "[\"";

std::string in_quotes(std::string_view name) {
  std::string text(kOpening);
  for (const char character : name) {
    text += character == '"' || character == '\\' ? "\\" : "";
    text += character;
  }
  return text + "\"]";
}

}  // namespace

std::string_view Column::word() const {
  const bool is_quoted = text.starts_with(kOpening) && path.size() == 1;
  return is_quoted ? path.front().name : text;
}

std::string Column::argument() const {
  return name == word() ? text : name + "=" + text;
}

Column column_of(const std::string& name) {
  const Path member = {{.kind = Step::Kind::Name, .name = name}};
  const Path attribute = {
      {.kind = Step::Kind::Attribute, .name = name.starts_with('@') ? name.substr(1) : ""}};
  const auto plain = parse_path(name);
  if (plain && (*plain == member || *plain == attribute) && name.find('=') == std::string::npos) {
    return {.name = name, .text = name, .path = *plain};
  }
  return {.name = name, .text = in_quotes(name), .path = member};
}

Expected<Column, std::string> parse_column(const std::string& text) {
  const std::size_t equals = text.find('=');
  const bool has_name = equals != std::string::npos && equals != 0 && equals < text.find(kOpening);
  Column column{.name = text.substr(0, has_name ? equals : 0),
                .text = has_name ? text.substr(equals + 1) : text};
  auto path = parse_path(column.text);
  if (!path) {
    return Unexpected(std::move(path.error()));
  }
  column.path = *std::move(path);
  if (!has_name) {
    column.name = column.word();
  }
  return column;
}

}  // namespace bulkhead::extract
