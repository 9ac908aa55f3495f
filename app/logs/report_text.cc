#include <algorithm>

#include "display/escape.h"
#include "display/numbers.h"
#include "logs/report.h"

namespace bulkhead::logs {
namespace {

constexpr std::size_t kCountWidth = 12;
constexpr std::size_t kBytesWidth = 16;

// 1234567 as "1,234,567".
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  constexpr std::size_t kGroup = 3;
  for (std::size_t at = digits.size(); at > kGroup;) {
    at -= kGroup;
    digits.insert(at, ",");
  }
  return digits;
}

std::string right_aligned(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

struct FactText {
  std::string operator()(std::monostate) const { return "-"; }
  std::string operator()(std::uint64_t number) const { return grouped(number); }
  std::string operator()(double number) const { return display::format_fixed(number, 6); }
  std::string operator()(const std::string& text) const { return text; }
};

std::string_view note_of(std::string_view fact) {
  return fact == "visitors" ? "  (a client on a day with a user agent, 4xx apart)" : "";
}

std::string as_text(const FactGroup& group) {
  constexpr std::size_t kNameWidth = 12;
  std::string text = std::string(group.title) + "\n";
  for (const Fact& fact : group.facts) {
    text += "  " + std::string(fact.name) + std::string(kNameWidth - fact.name.size(), ' ') +
            std::visit(FactText(), fact.value) + std::string(note_of(fact.name)) + "\n";
  }
  return text;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : "  ") + display::printable(word);
  }
  return text;
}

std::string heading(const Section& section) {
  std::string text = "\n" + std::string(section.title);
  if (section.rows.size() < section.total) {
    text += " (" + grouped(section.rows.size()) + " of " + grouped(section.total) + ")";
  }
  return text + "\n" + right_aligned("hits", kCountWidth) + right_aligned("bytes", kBytesWidth) +
         "  " + joined(section.key_names) + "\n";
}

}  // namespace

std::string as_text(const Report& report) {
  std::string text;
  for (const FactGroup& group : report.groups) {
    text += (text.empty() ? "" : "\n") + as_text(group);
  }
  for (const Section& section : report.sections) {
    if (section.rows.empty()) {
      continue;
    }
    text += heading(section);
    for (const Section::Row& row : section.rows) {
      text += right_aligned(grouped(row.weight.hits), kCountWidth) +
              right_aligned(grouped(row.weight.bytes), kBytesWidth) + "  " + joined(row.keys) +
              "\n";
    }
  }
  return text;
}

}  // namespace bulkhead::logs
