#include <algorithm>

#include "display/escape.h"
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

void add_fact(std::string& text, const std::string& name, const std::string& value) {
  constexpr std::size_t kNameWidth = 12;
  text +=
      "  " + name + std::string(kNameWidth - std::min(kNameWidth, name.size()), ' ') + value + "\n";
}

std::string overview(const Report& report) {
  std::string text = "Overview\n";
  add_fact(text, "lines", grouped(report.lines.in));
  add_fact(text, "requests", grouped(report.lines.out));
  add_fact(text, "filtered", grouped(report.lines.filtered));
  add_fact(text, "rejected", grouped(report.lines.rejected));
  add_fact(text, "repaired", grouped(report.lines.repaired));
  add_fact(text, "not HTTP", grouped(report.not_http));
  add_fact(text, "bytes", grouped(report.bytes));
  add_fact(text, "clients", grouped(report.clients));
  add_fact(text, "visitors",
           grouped(report.visitors) +
               "  (client, day and user agent; requests answered by 4xx make none)");
  if (!report.first.empty()) {
    add_fact(text, "first", report.first);
    add_fact(text, "last", report.last);
  }
  return text;
}

std::string heading(const Section& section) {
  std::string text = "\n" + std::string(section.title);
  if (section.rows.size() < section.total) {
    text += " (" + grouped(section.rows.size()) + " of " + grouped(section.total) + ")";
  }
  return text + "\n" + right_aligned("hits", kCountWidth) + right_aligned("bytes", kBytesWidth) +
         "  " + std::string(section.key_name) + "\n";
}

}  // namespace

std::string as_text(const Report& report) {
  std::string text = overview(report);
  for (const Section& section : report.sections) {
    if (section.rows.empty()) {
      continue;
    }
    text += heading(section);
    for (const Section::Row& row : section.rows) {
      text += right_aligned(grouped(row.weight.hits), kCountWidth) +
              right_aligned(grouped(row.weight.bytes), kBytesWidth) + "  " +
              display::printable(row.key) + "\n";
    }
  }
  return text;
}

}  // namespace bulkhead::logs
