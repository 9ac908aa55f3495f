#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <bulkhead/expected.h>

namespace bulkhead::files {

/// Text that means itself in a template.
std::string as_literal(std::string_view text);

/// What the fields of a template stand for, for one output.
struct TemplateValues {
  std::string dir = {};
  std::string reldir = {};
  std::string stem = {};
  std::string ext = {};
  std::string name = {};
  std::string w = {};
  std::string h = {};
  std::string size = {};
  std::string md5 = {};
  std::string format = {};
};

/// A path with fields in braces, such as "{dir}/{stem}_thumbnail.jpg". "{{" and "}}" are braces.
/// "%s" is {stem} and "%d" is {dir}, as vipsthumbnail has them; "%%" is "%", and so is any other.
class OutputTemplate {
 public:
  using Field = std::string TemplateValues::*;

  /// Errors, in one sentence: an unknown field, a brace without its partner, no file name.
  static Expected<OutputTemplate, std::string> parse(std::string_view text);

  /// The path. An empty field takes the slash after it along, so that it never makes a relative
  /// path absolute; slashes are not doubled.
  std::string render(const TemplateValues& values) const;

  /// Whether the field is named in the template.
  bool uses(Field field) const;

 private:
  // Either a field, or, where that is null, literal text.
  struct Piece {
    Field field;
    std::string literal;
  };

  static Expected<Field, std::string> field_named(std::string_view name);
  Expected<void, std::string> add_next(std::string_view& rest);
  void add_literal(char character);

  std::vector<Piece> pieces_;
};

}  // namespace bulkhead::files
