#include "extract/file_format.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

#include "extract/csv_reader.h"
#include "extract/json_parser.h"
#include "records/byte_source.h"
#include "records/line_reader.h"

namespace bulkhead::extract {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";
// The first of them that a line has most often, and so the ones first that text has seldom.
constexpr std::string_view kSeparators = "\t|;,";

// The separator that the first line has most often, outside of quotes.
char separator_of(std::string_view line) {
  std::array<std::size_t, kSeparators.size()> counts{};
  bool is_quoted = false;
  for (const char character : line) {
    is_quoted = is_quoted != (character == '"');
    const std::size_t at = kSeparators.find(character);
    if (!is_quoted && at != std::string_view::npos) {
      ++counts[at];
    }
  }
  const auto most = std::ranges::max_element(counts);
  if (*most == 0) {
    return ',';
  }
  return kSeparators[static_cast<std::size_t>(most - counts.begin())];
}

bool is_object_or_array(std::string_view line) {
  constexpr std::string_view kOpening = "{[";
  constexpr std::string_view kClosing = "}]";
  const std::size_t first = line.find_first_not_of(kSpaces);
  const std::size_t last = line.find_last_not_of(kSpaces);
  if (first == std::string_view::npos || kOpening.find(line[first]) == std::string_view::npos ||
      kClosing.find(line[last]) == std::string_view::npos) {
    return false;
  }
  const simdjson::padded_string padded(line);
  JsonParser parser;
  simdjson::dom::element document;
  return parser.parse(padded, document) == simdjson::SUCCESS;
}

// A whole document in the first line and something behind it, or in two lines one after the other,
// which a single document never has. So the first line may be damaged.
bool is_json_lines(std::string_view start) {
  constexpr int kLines = 8;
  bool was_whole = false;
  for (int i = 0; i < kLines && start.find_first_not_of(kSpaces) != std::string_view::npos; ++i) {
    const std::string_view line = start.substr(0, start.find('\n'));
    start.remove_prefix(std::min(line.size() + 1, start.size()));
    const bool is_whole = is_object_or_array(line);
    const bool has_more = start.find_first_not_of(kSpaces) != std::string_view::npos;
    if (is_whole && (was_whole || (i == 0 && has_more))) {
      return true;
    }
    was_whole = is_whole;
  }
  return false;
}

// The first line of a table may be [id],name.
bool begins_with_word_in_brackets(std::string_view text) {
  constexpr std::string_view kNoWord = "[]{}\"\n";
  const std::size_t end = text.find_first_of(kNoWord, 1);
  return text.front() == '[' && end != std::string_view::npos && text[end] == ']' &&
         end + 1 < text.size() && kSeparators.find(text[end + 1]) != std::string_view::npos;
}

bool begins_like_json(std::string_view text) {
  return (text.front() == '{' || text.front() == '[') && !begins_with_word_in_brackets(text);
}

// The start of a file: of one that begins like JSON the first line, as far as lines are looked at.
Expected<std::string, std::string> read_start(records::ByteSource& source, bool& is_all) {
  constexpr std::size_t kBlockBytes = std::size_t{256} << 10U;
  std::string start;
  for (bool is_enough = false; !is_enough;) {
    const std::size_t had = start.size();
    start.resize(had + kBlockBytes);
    const auto got = source.read(std::span(start).subspan(had));
    if (!got) {
      return Unexpected(got.error());
    }
    is_all = *got < kBlockBytes;
    start.resize(had + *got);
    const std::size_t first = start.find_first_not_of(kSpaces);
    const bool is_first_line_of_json = first != std::string::npos &&
                                       begins_like_json(std::string_view(start).substr(first)) &&
                                       start.find('\n', first) == std::string::npos;
    is_enough = is_all || !is_first_line_of_json || had > records::kMaxLineBytes;
  }
  return start;
}

}  // namespace

std::optional<Detected> detect_text(std::string_view start, bool is_all) {
  if (start.starts_with(kByteOrderMark)) {
    start.remove_prefix(kByteOrderMark.size());
  }
  const std::size_t first = start.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) {
    return is_all ? std::nullopt : std::optional(Detected{});
  }
  const std::string_view text = start.substr(first);
  // Of the first line, whatever the format will be.
  const char separator = separator_of(text.substr(0, text.find('\n')));
  if (text.front() == '<') {
    return Detected{.format = FileFormat::Xml, .separator = separator};
  }
  if (begins_like_json(text)) {
    return Detected{.format = is_json_lines(text) ? FileFormat::JsonLines : FileFormat::Json,
                    .separator = separator};
  }
  return Detected{.format = FileFormat::Csv, .separator = separator};
}

Expected<std::optional<Detected>, std::string> detect_file(const std::string& path,
                                                           const GivenFormat& given) {
  auto source = records::open_bytes(path, 0);
  if (!source) {
    return Unexpected(std::move(source.error()));
  }
  bool is_all = false;
  const auto start = read_start(**source, is_all);
  if (!start) {
    return Unexpected(start.error());
  }
  std::optional<Detected> detected = detect_text(*start, is_all);
  if (detected) {
    detected->format = given.format.value_or(detected->format);
    detected->separator = given.separator.value_or(detected->separator);
  }
  return detected;
}

}  // namespace bulkhead::extract
