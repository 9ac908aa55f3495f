#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <bulkhead/expected.h>

namespace bulkhead::records {

/// A condition on the fields of a record:
///   status >= 500 and not (path ~ "/health" or method == HEAD)
/// FIELD OPERATOR VALUE, where the operator is one of == != < <= > >= and ~ (has it as a part), the
/// value a word or a text in quotes; combined by and, or, not and parentheses. Two numbers are
/// compared as numbers, all else bytewise.
class Condition {
 public:
  /// Finds the number of a field; nothing: there is none of that name.
  using FindField = std::function<std::optional<std::uint32_t>(std::string_view name)>;
  /// Gives the text of a field.
  using GetField = std::function<std::string_view(std::uint32_t field)>;

  /// The error says what is wrong, and where.
  static Expected<Condition, std::string> parse(std::string_view text, const FindField& find);

  bool is_true(const GetField& get) const { return is_true(nodes_.back(), get); }

 private:
  friend class ConditionParser;

  enum class Kind : std::uint8_t { Compare, And, Or, Not };
  enum class Operator : std::uint8_t { Equal, NotEqual, Less, AtMost, Greater, AtLeast, Has };
  struct Node {
    Kind kind = Kind::Compare;
    Operator comparison = Operator::Equal;
    std::uint32_t field = 0;
    std::string value = {};
    std::optional<double> number = {};  // that the value is
    std::uint32_t left = 0;             // places of nodes
    std::uint32_t right = 0;
  };

  bool is_true(const Node& node, const GetField& get) const;
  static bool compares(const Node& node, std::string_view text);

  std::vector<Node> nodes_;  // the last is the whole
};

}  // namespace bulkhead::records
