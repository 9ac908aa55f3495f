#include "records/condition.h"

#include <array>
#include <charconv>
#include <compare>
#include <utility>

namespace bulkhead::records {
namespace {

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end) {
    return std::nullopt;
  }
  return number;
}

bool is_in_word(char character) {
  constexpr std::string_view kEnds = " \t\n()<>=!~\"'";
  return kEnds.find(character) == std::string_view::npos;
}

}  // namespace

// Recursive descent: or, and, not, comparison.
class ConditionParser {
 public:
  ConditionParser(std::string_view text, const Condition::FindField& find)
      : text_(text), find_(find) {}

  Expected<Condition, std::string> parse() {
    read_or(0);
    skip_spaces();
    if (problem_.empty() && at_ != text_.size()) {
      fail("something behind the end");
    }
    if (!problem_.empty()) {
      return Unexpected(problem_);
    }
    return std::move(condition_);
  }

 private:
  using Node = Condition::Node;
  using Kind = Condition::Kind;
  using Operator = Condition::Operator;

  // Deeper ones are refused, since each level is a level of this program's stack.
  static constexpr int kMaxDepth = 100;

  std::uint32_t read_or(int depth) {
    std::uint32_t left = read_and(depth);
    while (problem_.empty() && take_word("or")) {
      left = add({.kind = Kind::Or, .left = left, .right = read_and(depth)});
    }
    return left;
  }

  std::uint32_t read_and(int depth) {
    std::uint32_t left = read_not(depth);
    while (problem_.empty() && take_word("and")) {
      left = add({.kind = Kind::And, .left = left, .right = read_not(depth)});
    }
    return left;
  }

  std::uint32_t read_not(int depth) {
    if (depth > kMaxDepth) {
      return fail("too deep");
    }
    if (take_word("not")) {
      return add({.kind = Kind::Not, .left = read_not(depth + 1)});
    }
    if (take("(")) {
      const std::uint32_t inner = read_or(depth + 1);
      return problem_.empty() && !take(")") ? fail("a ) is missing") : inner;
    }
    return read_comparison();
  }

  std::uint32_t read_comparison() {
    const std::string name = read_value();
    const auto field = problem_.empty() ? find_(name) : std::nullopt;
    if (!field) {
      return fail("there is no field '" + name + "'");
    }
    const auto comparison = read_operator();
    if (!comparison) {
      return fail("== != < <= > >= or ~ is missing");
    }
    Node node{.comparison = *comparison, .field = *field, .value = read_value()};
    node.number = number_of(node.value);
    return add(std::move(node));
  }

  std::optional<Operator> read_operator() {
    // Those of two characters first.
    constexpr std::array kOperators = {
        std::pair{"==", Operator::Equal},  std::pair{"!=", Operator::NotEqual},
        std::pair{"<=", Operator::AtMost}, std::pair{">=", Operator::AtLeast},
        std::pair{"<", Operator::Less},    std::pair{">", Operator::Greater},
        std::pair{"~", Operator::Has},     std::pair{"=", Operator::Equal},
    };
    for (const auto& [text, comparison] : kOperators) {
      if (take(text)) {
        return comparison;
      }
    }
    return std::nullopt;
  }

  // A word, or what is between quotes of either kind.
  std::string read_value() {
    skip_spaces();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote == '"' || quote == '\'') {
      const std::size_t end = text_.find(quote, at_ + 1);
      if (end == std::string_view::npos) {
        fail("a quote is not closed");
        return {};
      }
      const std::size_t start = std::exchange(at_, end + 1) + 1;
      return std::string(text_.substr(start, end - start));
    }
    const std::string word(word_here());
    at_ += word.size();
    if (word.empty()) {
      fail("a word is missing");
    }
    return word;
  }

  std::string_view word_here() const {
    std::size_t end = at_;
    while (end < text_.size() && is_in_word(text_[end])) {
      ++end;
    }
    return text_.substr(at_, end - at_);
  }

  bool take_word(std::string_view word) {
    skip_spaces();
    const bool is_there = word_here() == word;
    at_ += is_there ? word.size() : 0;
    return is_there;
  }

  bool take(std::string_view text) {
    skip_spaces();
    const bool is_there = text_.substr(at_).starts_with(text);
    at_ += is_there ? text.size() : 0;
    return is_there;
  }

  void skip_spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) {
      ++at_;
    }
  }

  std::uint32_t add(Node node) {
    condition_.nodes_.push_back(std::move(node));
    return static_cast<std::uint32_t>(condition_.nodes_.size() - 1);
  }

  std::uint32_t fail(const std::string& problem) {
    if (problem_.empty()) {
      problem_ = problem + " at character " + std::to_string(at_ + 1);
    }
    return 0;
  }

  std::string_view text_;
  const Condition::FindField& find_;
  std::size_t at_ = 0;
  std::string problem_;
  Condition condition_;
};

Expected<Condition, std::string> Condition::parse(std::string_view text, const FindField& find) {
  return ConditionParser(text, find).parse();
}

bool Condition::is_true(const Node& node, const GetField& get) const {
  switch (node.kind) {
    case Kind::Compare:
      return compares(node, get(node.field));
    case Kind::And:
      return is_true(nodes_[node.left], get) && is_true(nodes_[node.right], get);
    case Kind::Or:
      return is_true(nodes_[node.left], get) || is_true(nodes_[node.right], get);
    case Kind::Not:
      return !is_true(nodes_[node.left], get);
  }
  return false;
}

bool Condition::compares(const Node& node, std::string_view text) {
  const auto number = node.number ? number_of(text) : std::nullopt;
  // Of two numbers that are no numbers (nan) none is the lesser.
  const std::partial_ordering order =
      number ? *number <=> *node.number : text <=> std::string_view(node.value);
  switch (node.comparison) {
    case Operator::Equal:
      return order == 0;
    case Operator::NotEqual:
      return order != 0;
    case Operator::Less:
      return order < 0;
    case Operator::AtMost:
      return order <= 0;
    case Operator::Greater:
      return order > 0;
    case Operator::AtLeast:
      return order >= 0;
    case Operator::Has:
      return text.find(node.value) != std::string_view::npos;
  }
  return false;
}

}  // namespace bulkhead::records
