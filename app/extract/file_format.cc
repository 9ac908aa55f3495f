#include "extract/file_format.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "records/byte_source.h"

namespace bulkhead::extract {
namespace {

constexpr std::size_t kStartBytes = std::size_t{256} << 10U;
constexpr std::string_view kSpaces = " \t\r\n";

// The separator that the first line has most often, outside of quotes.
char separator_of(std::string_view line) {
  constexpr std::array kSeparators = {',', '\t', ';', '|'};
  std::array<std::size_t, kSeparators.size()> counts{};
  bool is_quoted = false;
  for (const char character : line) {
    is_quoted = is_quoted != (character == '"');
    const auto at = std::ranges::find(kSeparators, character);
    if (!is_quoted && at != kSeparators.end()) {
      ++counts[static_cast<std::size_t>(at - kSeparators.begin())];
    }
  }
  const auto most = std::ranges::max_element(counts);
  return kSeparators[static_cast<std::size_t>(most - counts.begin())];
}

bool is_json(std::string_view text) {
  simdjson::dom::parser parser;
  return parser.parse(text.data(), text.size()).error() == simdjson::SUCCESS;
}

// One document in the first line, and another behind it.
bool is_json_lines(std::string_view start) {
  const std::size_t end = start.find('\n');
  if (end == std::string_view::npos) {
    return false;
  }
  const std::size_t next = start.find_first_not_of(kSpaces, end);
  return next != std::string_view::npos && is_json(start.substr(0, end));
}

}  // namespace

std::optional<Detected> detect_text(std::string_view start, bool is_all) {
  if (start.starts_with("\xEF\xBB\xBF")) {
    start.remove_prefix(3);
  }
  const std::size_t first = start.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) {
    return is_all ? std::nullopt : std::optional(Detected{});
  }
  const std::string_view text = start.substr(first);
  if (text.front() == '<') {
    return Detected{.format = FileFormat::Xml};
  }
  if (text.front() == '{' || text.front() == '[') {
    return Detected{.format = is_json_lines(text) ? FileFormat::JsonLines : FileFormat::Json};
  }
  return Detected{.format = FileFormat::Csv,
                  .separator = separator_of(text.substr(0, text.find('\n')))};
}

Expected<std::optional<Detected>, std::string> detect_file(const std::string& path) {
  auto source = records::open_bytes(path, 0);
  if (!source) {
    return Unexpected(std::move(source.error()));
  }
  std::vector<char> start(kStartBytes);
  const auto got = (*source)->read(start);
  if (!got) {
    return Unexpected(got.error());
  }
  return detect_text(std::string_view(start.data(), *got), *got < start.size());
}

}  // namespace bulkhead::extract
