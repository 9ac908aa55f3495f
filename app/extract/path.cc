#include "extract/path.h"

#include <charconv>
#include <utility>

namespace bulkhead::extract {
namespace {

constexpr std::string_view kOpening = "[\"";
constexpr std::string_view kClosing = "\"]";

// Where the closing of a name in quotes is, which begins at `at`.
std::size_t find_closing(std::string_view text, std::size_t at) {
  while (at < text.size() && !text.substr(at).starts_with(kClosing)) {
    at += text[at] == '\\' ? 2 : 1;
  }
  return at < text.size() ? at : std::string_view::npos;
}

bool has_slash_outside_of_quotes(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && text[at] != '/') {
    const bool is_quoted = text.substr(at).starts_with(kOpening);
    at = is_quoted ? find_closing(text, at + kOpening.size()) : at + 1;
  }
  return at < text.size();
}

char separator_of(std::string_view text) {
  if (text.starts_with('.') && !text.starts_with("..")) {
    return '.';
  }
  return text.starts_with('@') || has_slash_outside_of_quotes(text) ? '/' : '.';
}

class PathParser {
 public:
  explicit PathParser(std::string_view text) : rest_(text), separator_(separator_of(text)) {}

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
    if (rest_.starts_with(kOpening)) {
      read_quoted_name();
    } else if (rest_.front() == '[') {
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

  void read_quoted_name() {
    const std::size_t end = find_closing(rest_, kOpening.size());
    if (end == std::string_view::npos) {
      problem_ = "a \"] is missing";
      return;
    }
    std::string name;
    for (std::size_t at = kOpening.size(); at < end; ++at) {
      at += rest_[at] == '\\' ? 1 : 0;
      name += rest_[at];
    }
    rest_.remove_prefix(end + kClosing.size());
    path_.push_back({.kind = Step::Kind::Name, .name = std::move(name)});
  }

  void read_brackets() {
    const std::size_t end = rest_.find(']');
    if (end == std::string_view::npos) {
      problem_ = "a ] is missing";
      return;
    }
    const std::string_view inner = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    if (inner.empty()) {
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
