#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::files {

/// The shape of a path: literal text with gaps that stand for what a template fills in.
class NamePattern {
 public:
  /// Marks for the gaps. Control characters, so that nobody's template holds them by chance.
  static constexpr std::string_view kAnyFolder = "\x01/\x02";  ///< one folder, several or none
  static constexpr std::string_view kAnyName = "\x03";         ///< part of one name, not empty
  static constexpr std::string_view kAnyExtension = "\x04";    ///< that of a photo

  /// `marked` is an absolute, normalised path with marks in it.
  explicit NamePattern(std::string_view marked);

  /// Whether an absolute, normalised path has this shape. Takes time linear in the gaps times the
  /// square of the length at worst, whatever the two say.
  bool matches(std::string_view path) const;

 private:
  enum class Kind { Literal, AnyFolder, AnyName, AnyExtension };
  struct Token {
    Kind kind;
    std::string literal;
  };
  // Position p of `reached` is true when what lies before p fits the tokens so far.
  using Reached = std::vector<bool>;

  static Reached advance(const Token& token, std::string_view path, const Reached& reached);
  static std::size_t reach(const Token& token, std::string_view path, std::size_t from);
  static bool may_stop(const Token& token, std::string_view path, std::size_t from, std::size_t at);

  std::vector<Token> tokens_;
  std::string end_;  // the literal text behind the last gap
};

}  // namespace bulkhead::files
