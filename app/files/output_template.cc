#include "files/output_template.h"

#include <algorithm>
#include <array>
#include <utility>

namespace bulkhead::files {
namespace {

struct NamedField {
  std::string_view name;
  OutputTemplate::Field field;
};

constexpr std::array kFields = {
    NamedField{"dir", &TemplateValues::dir},   NamedField{"reldir", &TemplateValues::reldir},
    NamedField{"stem", &TemplateValues::stem}, NamedField{"ext", &TemplateValues::ext},
    NamedField{"name", &TemplateValues::name}, NamedField{"w", &TemplateValues::w},
    NamedField{"h", &TemplateValues::h},       NamedField{"size", &TemplateValues::size},
    NamedField{"md5", &TemplateValues::md5},   NamedField{"format", &TemplateValues::format},
};

}  // namespace

std::string as_literal(std::string_view text) {
  std::string literal;
  for (const char character : text) {
    const bool has_meaning = character == '{' || character == '}' || character == '%';
    literal.append(has_meaning ? 2 : 1, character);
  }
  return literal;
}

Expected<OutputTemplate, std::string> OutputTemplate::parse(std::string_view text) {
  if (text.empty() || text.ends_with('/')) {
    return Unexpected(std::string("the output template names no file"));
  }
  OutputTemplate parsed;
  while (!text.empty()) {
    if (auto added = parsed.add_next(text); !added) {
      return Unexpected(std::move(added).error());
    }
  }
  return parsed;
}

Expected<void, std::string> OutputTemplate::add_next(std::string_view& rest) {
  if (rest.starts_with("%s") || rest.starts_with("%d")) {
    pieces_.push_back({rest[1] == 's' ? &TemplateValues::stem : &TemplateValues::dir, {}});
    rest.remove_prefix(2);
    return {};
  }
  const bool is_doubled =
      rest.starts_with("{{") || rest.starts_with("}}") || rest.starts_with("%%");
  if (is_doubled || (rest[0] != '{' && rest[0] != '}')) {
    add_literal(rest[0]);
    rest.remove_prefix(is_doubled ? 2 : 1);
    return {};
  }
  if (rest[0] == '}') {
    return Unexpected(std::string("'}' without '{' in the output template (a plain one is '}}')"));
  }
  const std::size_t end = rest.find('}');
  if (end == std::string_view::npos) {
    return Unexpected(std::string("'{' without '}' in the output template (a plain one is '{{')"));
  }
  const auto field = field_named(rest.substr(1, end - 1));
  if (!field) {
    return Unexpected(field.error());
  }
  pieces_.push_back({*field, {}});
  rest.remove_prefix(end + 1);
  return {};
}

void OutputTemplate::add_literal(char character) {
  if (pieces_.empty() || pieces_.back().field != nullptr) {
    pieces_.push_back({nullptr, {}});
  }
  pieces_.back().literal += character;
}

Expected<OutputTemplate::Field, std::string> OutputTemplate::field_named(std::string_view name) {
  const auto* const found = std::ranges::find(kFields, name, &NamedField::name);
  if (found != kFields.end()) {
    return found->field;
  }
  std::string problem = "unknown field {" + std::string(name) + "} in the output template; known:";
  for (const NamedField& known : kFields) {
    problem += " {" + std::string(known.name) + "}";
  }
  return Unexpected(std::move(problem));
}

std::string OutputTemplate::render(const TemplateValues& values) const {
  std::string path;
  bool after_empty_field = false;
  for (const Piece& piece : pieces_) {
    std::string_view part = piece.field != nullptr ? values.*piece.field : piece.literal;
    if (part.starts_with('/') && (after_empty_field || path.ends_with('/'))) {
      part.remove_prefix(1);
    }
    path += part;
    after_empty_field = piece.field != nullptr && part.empty();
  }
  return path;
}

bool OutputTemplate::uses(Field field) const {
  return std::ranges::find(pieces_, field, &Piece::field) != pieces_.end();
}

}  // namespace bulkhead::files
