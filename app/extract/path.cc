#include "extract/path.h"

#include <charconv>
#include <utility>

namespace bulkhead::extract {
namespace {

class PathParser {
 public:
  explicit PathParser(std::string_view text)
      : rest_(text), separator_(text.find_first_of("/@") == std::string_view::npos ? '.' : '/') {}

  Expected<Path, std::string> parse() {
    if (rest_.starts_with("//")) {
      rest_.remove_prefix(2);
      is_below_ = true;
    } else if (!rest_.starts_with("..") && rest_.starts_with(separator_)) {
      rest_.remove_prefix(1);
    }
    while (!rest_.empty() && problem_.empty()) {
      read_step();
    }
    if (problem_.empty() && (path_.empty() || is_below_)) {
      problem_ = "a name is missing";
    }
    if (!problem_.empty()) {
      return Unexpected(std::move(problem_));
    }
    return std::move(path_);
  }

 private:
  void read_step() {
    if (rest_.front() == '[') {
      read_brackets();
    } else if (rest_ == ".." || rest_.starts_with("../")) {
      rest_.remove_prefix(2);
      path_.push_back({.kind = Step::Kind::Parent});
    } else if (rest_.front() == '@') {
      rest_.remove_prefix(1);
      path_.push_back({.kind = Step::Kind::Attribute, .name = read_name()});
    } else {
      const auto kind = std::exchange(is_below_, false) ? Step::Kind::Below : Step::Kind::Name;
      path_.push_back({.kind = kind, .name = read_name()});
    }
    take_separator();
  }

  void take_separator() {
    if (separator_ == '/' && rest_.starts_with("//")) {
      rest_.remove_prefix(2);
      is_below_ = true;
    } else if (rest_.starts_with(separator_)) {
      rest_.remove_prefix(1);
      if (rest_.empty()) {
        problem_ = "a name is missing at the end";
      }
    }
  }

  std::string read_name() {
    const char ends[] = {separator_, '['};
    const std::size_t end = rest_.find_first_of(std::string_view(ends, sizeof ends));
    const std::string name(rest_.substr(0, end));
    rest_.remove_prefix(name.size());
    if (name.empty()) {
      problem_ = "a name is missing before '" + std::string(rest_) + "'";
    }
    return name;
  }

  void read_brackets() {
    const bool is_quoted = rest_.starts_with("[\"");
    const std::size_t end = is_quoted ? rest_.find("\"]", 2) : rest_.find(']');
    if (end == std::string_view::npos) {
      problem_ = "a ] is missing";
      return;
    }
    const std::size_t start = is_quoted ? 2 : 1;
    const std::string_view inner = rest_.substr(start, end - start);
    rest_.remove_prefix(end + start);
    if (is_quoted) {
      path_.push_back({.kind = Step::Kind::Name, .name = std::string(inner)});
    } else if (inner.empty()) {
      path_.push_back({.kind = Step::Kind::Each});
    } else {
      read_index(inner);
    }
  }

  void read_index(std::string_view digits) {
    Step step{.kind = Step::Kind::Index};
    const char* const end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, step.index);
    if (error != std::errc() || stopped != end) {
      problem_ = "'" + std::string(digits) + "' is no number";
    }
    path_.push_back(std::move(step));
  }

  std::string_view rest_;
  char separator_;
  bool is_below_ = false;  // the next name is looked for at any depth
  std::string problem_;
  Path path_;
};

}  // namespace

Expected<Path, std::string> parse_path(std::string_view text) {
  return PathParser(text).parse();
}

}  // namespace bulkhead::extract
