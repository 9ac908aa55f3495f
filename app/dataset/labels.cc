#include "dataset/labels.h"

#include <utility>

namespace bulkhead::dataset {
namespace {

using Kind = WordSource::Kind;

Expected<WordSource, std::string> file_name_source(std::string_view pattern) {
  try {
    static_cast<void>(std::regex(pattern.begin(), pattern.end()));
  } catch (const std::regex_error&) {
    return Unexpected("'" + std::string(pattern) + "' is no regular expression");
  }
  return WordSource{Kind::FileName, std::string(pattern)};
}

// What follows a prefix; nothing when it is not there, or nothing follows it.
std::optional<std::string_view> behind(std::string_view prefix, std::string_view text) {
  return text.starts_with(prefix) && text.size() > prefix.size()
             ? std::optional(text.substr(prefix.size()))
             : std::nullopt;
}

}  // namespace

Expected<WordSource, std::string> parse_labels(std::string_view text) {
  if (text == "auto") {
    return WordSource{Kind::Auto, {}};
  }
  if (text == "dir") {
    return WordSource{Kind::Folder, {}};
  }
  if (text == "none") {
    return WordSource{Kind::Nothing, {}};
  }
  if (const auto file = behind("csv:", text)) {
    return WordSource{Kind::Table, std::string(*file)};
  }
  if (const auto pattern = behind("file:", text)) {
    return file_name_source(*pattern);
  }
  return Unexpected("'" + std::string(text) + "' is not auto, dir, file:REGEX, csv:FILE or none");
}

Expected<WordSource, std::string> parse_groups(std::string_view text) {
  if (text == "dir") {
    return WordSource{Kind::Folder, {}};
  }
  if (const auto column = behind("csv:", text)) {
    return WordSource{Kind::Table, std::string(*column)};
  }
  return file_name_source(text);
}

std::optional<std::string> first_match(const std::regex& pattern, const std::string& text) {
  std::smatch match;
  if (!std::regex_search(text, match, pattern)) {
    return std::nullopt;
  }
  return match.size() > 1 ? match[1].str() : match[0].str();
}

Labeller::Labeller(const WordSource& source, SplitFolders folders, const LabelTable* table,
                   std::size_t column)
    : kind_(source.kind), folders_(folders), table_(table), column_(column) {
  if (kind_ == Kind::FileName) {
    pattern_.emplace(source.argument);
  }
}

Expected<std::string, std::string> Labeller::label_of(const Candidate& candidate) const {
  std::string label;
  switch (kind_) {
    case Kind::Auto:
    case Kind::Folder:
      return label_by_folder(candidate);
    case Kind::FileName: {
      auto found = first_match(*pattern_, std::string(candidate.file_name()));
      if (!found) {
        return Unexpected(std::string("has no label: its name does not match"));
      }
      label = *std::move(found);
      break;
    }
    case Kind::Table: {
      auto cell = table_->cell(candidate, column_);
      if (!cell) {
        return Unexpected(std::move(cell.error()));
      }
      label = *std::move(cell);
      break;
    }
    case Kind::Nothing:
      return label;
  }
  if (label.empty()) {
    return Unexpected(std::string("has no label: it is empty"));
  }
  return label;
}

Expected<std::string, std::string> Labeller::label_by_folder(const Candidate& candidate) const {
  std::string_view folders = candidate.folder;
  if (folders_ == SplitFolders::First) {
    folders = cut_path(folders).rest;
  }
  const std::string_view label = cut_path(folders).first;
  if (label.empty()) {
    return Unexpected(std::string("has no label: it lies in no folder of a class"));
  }
  return std::string(label);
}

}  // namespace bulkhead::dataset
